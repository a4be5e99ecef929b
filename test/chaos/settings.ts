import type { Environment } from '#orchestration'

/** How patient the shop is in a run, in ms: long enough that a fault does not make every order a late one. */
export type Patience = {
  readonly payment: number
  readonly capture: number
  readonly delivery: number
}

export const patient: Patience = { payment: 30_000, capture: 40_000, delivery: 45_000 }
export const hasty: Patience = { payment: 22_000, capture: 26_000, delivery: 25_000 }

/** Settings of all services of a run. */
export function settingsFor({ payment, capture, delivery }: Patience): Environment {
  return {
    ORDER_PAYMENT_PATIENCE: String(payment),
    PAYMENT_CALL_TIMEOUT: '2000',
    PAYMENT_CAPTURE_DEADLINE: String(capture),
    PAYMENT_REFUND_PAUSE: '2000',
    SHIPPING_CALL_TIMEOUT: '3000',
    SHIPPING_DELIVERY_DEADLINE: String(delivery),
    SHIPPING_RECALL_PAUSE: '2000',
    ORDER_RATE_LIMIT: '1000000000',
    MONGODB_DATABASE: 'chorus-chaos',
    LOG_LEVEL: 'warn',
  }
}

/** Milliseconds that an order may take in the calm: every deadline one after the other, and as long for everybody to get up again. */
export function limitFor({ payment, capture, delivery }: Patience): number {
  return payment + capture + delivery + 30_000
}
