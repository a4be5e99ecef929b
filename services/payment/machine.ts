import { assign, emit, fromPromise, setup, stateIn } from 'xstate'
import type { OrderEvent, PaymentEvent } from '#contracts'

export type Charge = {
  readonly orderId: string
  readonly amount: number
  readonly currency: string
  readonly paymentToken: string
}

export type CaptureAnswer =
  | { readonly status: 'captured'; readonly paymentId: string }
  | { readonly status: 'declined'; readonly reason: string }

export type RefundAnswer =
  | {
      readonly status: 'refunded'
      readonly paymentId: string
      readonly refundId: string
      readonly amount: number
      readonly currency: string
    }
  | { readonly status: 'released' }

type Input = {
  readonly sagaId: string
  /** How long a refund that the provider refused rests before it is asked for again, in ms. */
  readonly refundPause: number
}

type Context = {
  readonly orderId: string
  readonly refundPause: number
  readonly charge: Charge | null
}

/**
 * Payment's own part. Whoever holds the money owes it back: `OrderCancelled` is handled in every state until the order is
 * delivered, and a capture that is under way is waited for before it is refunded.
 */
export const paymentMachine = setup({
  types: {
    input: {} as Input,
    context: {} as Context,
    events: {} as OrderEvent,
    emitted: {} as PaymentEvent,
  },
  actors: {
    capturePayment: fromPromise<CaptureAnswer, Charge>(performedByEffect),
    refundPayment: fromPromise<RefundAnswer, { readonly orderId: string }>(performedByEffect),
  },
  guards: {
    isUnwanted: stateIn({ capturing: 'unwanted' }),
  },
  delays: {
    refundPause: ({ context }) => context.refundPause,
  },
}).createMachine({
  id: 'payment',
  context: ({ input }) => ({ orderId: input.sagaId, refundPause: input.refundPause, charge: null }),
  initial: 'new',
  states: {
    new: {
      on: {
        OrderPlaced: {
          target: 'capturing',
          actions: assign({
            charge: ({ event: { orderId, amount, currency, paymentToken } }) => ({
              orderId,
              amount,
              currency,
              paymentToken,
            }),
          }),
        },
      },
    },
    capturing: {
      invoke: {
        id: 'capturePayment',
        src: 'capturePayment',
        input: ({ context }) => chargeOf(context),
        onDone: [
          {
            guard: ({ event }) => event.output.status === 'declined',
            target: 'declined',
            actions: emit(({ context, event }) => declined(context, event.output)),
          },
          { guard: 'isUnwanted', target: 'refunding' },
          { target: 'captured', actions: emit(({ context, event }) => captured(context, event.output)) },
        ],
        // Whether money was taken is unknown: the refund gives back whatever was, and bars a capture to come.
        onError: 'refunding',
      },
      initial: 'wanted',
      states: {
        wanted: { on: { OrderCancelled: 'unwanted' } },
        unwanted: {},
      },
    },
    captured: {
      on: {
        OrderCancelled: 'refunding',
        OrderDelivered: 'settled',
      },
    },
    refunding: {
      on: { OrderCancelled: {} },
      invoke: {
        id: 'refundPayment',
        src: 'refundPayment',
        input: ({ context }) => ({ orderId: context.orderId }),
        onDone: [
          {
            guard: ({ event }) => event.output.status === 'refunded',
            target: 'refunded',
            actions: emit(({ context, event }) => refunded(context, event.output)),
          },
          {
            target: 'released',
            actions: emit(({ context }) => ({
              type: 'PaymentReleased',
              orderId: context.orderId,
              reason: 'no money was taken',
            })),
          },
        ],
        onError: 'refundRefused',
      },
    },
    // The money is still owed, so this is no ending: it is asked for again.
    refundRefused: {
      on: { OrderCancelled: {} },
      after: { refundPause: 'refunding' },
    },
    declined: { type: 'final' },
    settled: { type: 'final' },
    refunded: { type: 'final' },
    released: { type: 'final' },
  },
})

/** The machine only names its actors; their work stands in effects.ts. */
async function performedByEffect(): Promise<never> {
  throw new Error('this actor is performed by an effect')
}

function chargeOf({ orderId, charge }: Context): Charge {
  if (!charge) throw new Error(`order ${orderId} has nothing to charge`)
  return charge
}

function captured(
  { orderId, charge }: Context,
  answer: CaptureAnswer,
): Extract<PaymentEvent, { type: 'PaymentCaptured' }> {
  if (answer.status !== 'captured' || !charge)
    throw new Error(`order ${orderId}: not a capture: ${answer.status}`)
  return {
    type: 'PaymentCaptured',
    orderId,
    paymentId: answer.paymentId,
    amount: charge.amount,
    currency: charge.currency,
  }
}

function declined(
  { orderId }: Context,
  answer: CaptureAnswer,
): Extract<PaymentEvent, { type: 'PaymentDeclined' }> {
  if (answer.status !== 'declined') throw new Error(`order ${orderId}: not a refusal: ${answer.status}`)
  return { type: 'PaymentDeclined', orderId, reason: answer.reason }
}

function refunded(
  { orderId }: Context,
  answer: RefundAnswer,
): Extract<PaymentEvent, { type: 'PaymentRefunded' }> {
  if (answer.status !== 'refunded') throw new Error(`order ${orderId}: not a refund: ${answer.status}`)
  const { paymentId, refundId, amount, currency } = answer
  return { type: 'PaymentRefunded', orderId, paymentId, refundId, amount, currency }
}
