import type { AnyStateMachine } from 'xstate'
import { orderMachine } from './order/machine.ts'
import { paymentMachine } from './payment/machine.ts'
import { shippingMachine } from './shipping/machine.ts'

/** Top-level state of each participant's part; `absent` when it was never asked to do anything. */
export type Scene = { readonly order: string; readonly payment: string; readonly shipping: string }

export type Invariant = { readonly name: string; holds(scene: Scene): boolean }

/** Who takes part in an order: plain machines, read here by proofs and tests, never by another service. */
export const participants: Readonly<Record<keyof Scene, AnyStateMachine>> = {
  order: orderMachine,
  payment: paymentMachine,
  shipping: shippingMachine,
}

/** Every way an order may end: the states in which each part may be when nothing more will happen. */
export const outcomes: Readonly<Record<string, Readonly<Record<keyof Scene, readonly string[]>>>> = {
  delivered: { order: ['delivered'], payment: ['settled'], shipping: ['delivered'] },
  declined: { order: ['declined'], payment: ['declined', 'released', 'refunded'], shipping: ['absent'] },
  cancelled: {
    order: ['cancelled'],
    payment: ['refunded', 'released', 'declined'],
    shipping: ['absent', 'refused'],
  },
  // A person gave the refund up: the one ending in which money is kept for nothing.
  writtenOff: { order: ['cancelled', 'declined'], payment: ['writtenOff'], shipping: ['absent', 'refused'] },
}

/** What must hold in every moment, not only at the end. */
export const invariants: readonly Invariant[] = [
  {
    name: 'never delivered and refunded',
    holds: ({ payment, shipping }) => !(shipping === 'delivered' && isRefund(payment)),
  },
  {
    name: 'shipped only when paid',
    holds: ({ payment, shipping }) =>
      shipping === 'absent' || ['captured', 'settled'].includes(payment) || isRefund(payment),
  },
  {
    name: 'an order ends as cancelled only when payment owes nothing',
    holds: ({ order, payment }) => order !== 'cancelled' || owesNothing(payment),
  },
]

/** The money is on its way back, or it has come to an end there. */
function isRefund(payment: string): boolean {
  return ['refunding', 'refundRefused', 'refundStuck', 'refunded', 'writtenOff'].includes(payment)
}

function owesNothing(payment: string): boolean {
  return ['declined', 'refunded', 'released', 'writtenOff'].includes(payment)
}

/** The outcome that a finished order has, or `undefined` when its parts do not fit together. */
export function outcomeOf(scene: Scene): string | undefined {
  const fits = (states: Readonly<Record<keyof Scene, readonly string[]>>) =>
    states.order.includes(scene.order) &&
    states.payment.includes(scene.payment) &&
    states.shipping.includes(scene.shipping)
  return Object.keys(outcomes).find((name) =>
    fits(outcomes[name] as Readonly<Record<keyof Scene, readonly string[]>>),
  )
}

/** The name in a scene for a machine's state value. */
export function topState(value: unknown): string {
  return typeof value === 'string' ? value : (Object.keys(value as object)[0] ?? 'unknown')
}
