import { postEffect } from '#orchestration'
import type { orderBody } from '../../scripts/shop/example-order.ts'

/** What a customer sends. */
export type Placed = ReturnType<typeof orderBody>

export type Charge = {
  readonly orderId: string
  readonly amount: number
  readonly currency: string
  readonly paymentToken: string
}

export type Parcel = { readonly orderId: string } & Pick<Placed, 'items' | 'shipTo'>

/** The calls to the companies outside, made as the shop's own services make them. A refusal is an answer; a call that may be repeated rejects. */
export type Companies = {
  capture(charge: Charge): Promise<{ status: 'captured' | 'declined' }>
  refund(orderId: string): Promise<{ status: 'refunded' | 'released' }>
  deliver(parcel: Parcel): Promise<{ status: 'delivered' | 'refused' }>
}

/** Milliseconds for one attempt. */
const timeout = 5_000

/** `sandbox` is its base URL. */
export function companiesAt(sandbox: string): Companies {
  const { signal } = new AbortController()
  const post = <Answer>(path: string, orderId: string, body: unknown) =>
    postEffect<Answer>(
      { url: `${sandbox}${path}`, body, timeout },
      { idempotencyKey: `${path} ${orderId}`, signal },
    )
  return {
    capture: (charge) => post('/payments/captures', charge.orderId, charge),
    refund: (orderId) => post('/payments/refunds', orderId, { orderId }),
    deliver: (parcel) => post('/shipments', parcel.orderId, parcel),
  }
}
