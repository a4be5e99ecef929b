import type { AnyStateMachine } from 'xstate'
import type { Cast, Invariant } from '#orchestration'
import { orderConfig } from './order/config.ts'
import { orderMachine } from './order/machine.ts'
import { orderParticipant } from './order/participant.ts'
import { outside, type Provided, sayings } from './outside.ts'
import { paymentConfig } from './payment/config.ts'
import { paymentMachine } from './payment/machine.ts'
import { paymentParticipant } from './payment/participant.ts'
import { shippingConfig } from './shipping/config.ts'
import { shippingMachine } from './shipping/machine.ts'
import { shippingParticipant } from './shipping/participant.ts'

/** Top-level state of each participant's part; `absent` when it was never asked to do anything. */
export type Scene = { readonly order: string; readonly payment: string; readonly shipping: string }

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
export const invariants: readonly { readonly name: string; holds(scene: Scene): boolean }[] = [
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

/** What must hold between the parts and the companies outside, as long as no person settles things with these by hand. */
const balance: readonly Invariant<Provided>[] = [
  { name: 'no money is captured twice', holds: (_, { captures }) => captures <= 1 },
  { name: 'no more is refunded than was captured', holds: (_, { captures, refunds }) => refunds <= captures },
  { name: 'no parcel is delivered twice', holds: (_, { deliveries }) => deliveries <= 1 },
  {
    name: 'a delivered order is delivered once and paid for once',
    holds: ({ order }, { captures, refunds, deliveries, byHand }) =>
      order !== 'delivered' || byHand || (captures === 1 && refunds === 0 && deliveries === 1),
  },
  {
    name: 'an order that comes to nothing costs nothing, unless a person has given the refund up',
    holds: ({ order, payment }, { captures, refunds, deliveries, byHand }) =>
      !['cancelled', 'declined'].includes(order ?? '') ||
      payment === 'writtenOff' ||
      byHand ||
      (captures === refunds && deliveries === 0),
  },
]

const settings = {
  order: orderConfig.parse({}),
  payment: paymentConfig.parse({ PAYMENT_REFUND_ATTEMPTS: 2 }),
  shipping: shippingConfig.parse({ SHIPPING_RECALL_ATTEMPTS: 2 }),
}

/** The whole choreography, for the checker. Refusals are fewer than in production: more of them only make the same round longer. */
export const cast: Cast<Provided> = {
  name: 'an order',
  members: [
    {
      file: 'services/order/machine.ts',
      part: orderParticipant(settings.order),
    },
    {
      file: 'services/payment/machine.ts',
      part: paymentParticipant(settings.payment),
      compensations: { OrderCancelled: ['declined', 'refunded', 'released', 'writtenOff'] },
    },
    {
      file: 'services/shipping/machine.ts',
      part: shippingParticipant(settings.shipping),
    },
  ],
  outside,
  sayings,
  repeats: 1,
  outcomes,
  invariants: [...(invariants as unknown as readonly Invariant<Provided>[]), ...balance],
}
