import { assign, emit, fromPromise, setup, stateIn } from 'xstate'
import type { ConfirmRefund, OrderEvent, PaymentControl, PaymentEvent } from '#contracts'

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
  /** How often the provider may refuse a refund before a person has to decide. */
  readonly refundAttempts: number
}

type Context = {
  readonly orderId: string
  readonly refundPause: number
  readonly refundAttempts: number
  readonly charge: Charge | null
  /** The provider's id of the captured payment; unknown when the capture had no answer. */
  readonly paymentId: string | null
  /** Refunds that the provider has refused since the last person asked for one. */
  readonly refusals: number
}

/** A person's word counts only while it is waited for: in any other state it is recorded, and never kept for later. */
const noPersonNeeded = { RetryRefund: {}, ConfirmRefund: {}, WriteOffRefund: {} }

/**
 * Payment's own part. Whoever holds the money owes it back: `OrderCancelled` is handled in every state until the order is
 * delivered, and a capture that is under way is waited for before it is refunded. A refund that stays refused waits for a person.
 */
export const paymentMachine = setup({
  types: {
    input: {} as Input,
    context: {} as Context,
    events: {} as OrderEvent | PaymentControl,
    emitted: {} as PaymentEvent,
  },
  actors: {
    capturePayment: fromPromise<CaptureAnswer, Charge>(performedByEffect),
    refundPayment: fromPromise<RefundAnswer, { readonly orderId: string }>(performedByEffect),
  },
  guards: {
    isUnwanted: stateIn({ capturing: 'unwanted' }),
    isLastAttempt: ({ context }) => context.refusals + 1 >= context.refundAttempts,
  },
  delays: {
    refundPause: ({ context }) => context.refundPause,
  },
}).createMachine({
  id: 'payment',
  context: ({ input: { sagaId, refundPause, refundAttempts } }) => ({
    orderId: sagaId,
    refundPause,
    refundAttempts,
    charge: null,
    paymentId: null,
    refusals: 0,
  }),
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
      on: noPersonNeeded,
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
          {
            guard: 'isUnwanted',
            target: 'refunding',
            actions: assign(({ event }) => paymentOf(event.output)),
          },
          {
            target: 'captured',
            actions: [
              assign(({ event }) => paymentOf(event.output)),
              emit(({ context, event }) => captured(context, event.output)),
            ],
          },
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
        ...noPersonNeeded,
        OrderCancelled: 'refunding',
        OrderDelivered: 'settled',
      },
    },
    refunding: {
      tags: ['compensation'],
      on: { ...noPersonNeeded, OrderCancelled: {} },
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
        onError: [
          { guard: 'isLastAttempt', target: 'refundStuck' },
          {
            target: 'refundRefused',
            actions: assign({ refusals: ({ context }) => context.refusals + 1 }),
          },
        ],
      },
    },
    // The money is still owed, so this is no ending: it is asked for again.
    refundRefused: {
      tags: ['compensation'],
      on: { ...noPersonNeeded, OrderCancelled: {} },
      after: { refundPause: 'refunding' },
    },
    // Still owed, but asking again does not help: this waits for a person, for as long as it takes.
    refundStuck: {
      tags: ['compensation'],
      on: {
        OrderCancelled: {},
        RetryRefund: { target: 'refunding', actions: assign({ refusals: 0 }) },
        ConfirmRefund: {
          guard: ({ context, event }) => paymentIdOf(context, event) !== null,
          target: 'refunded',
          actions: emit(({ context, event }) => refundedByHand(context, event)),
        },
        WriteOffRefund: {
          target: 'writtenOff',
          actions: emit(({ context: { orderId, paymentId }, event: { reason } }) => ({
            type: 'PaymentWrittenOff',
            orderId,
            paymentId,
            reason,
          })),
        },
      },
    },
    declined: { type: 'final' },
    settled: { type: 'final' },
    refunded: { type: 'final' },
    released: { type: 'final' },
    writtenOff: { type: 'final' },
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

function paymentOf(answer: CaptureAnswer): Pick<Context, 'paymentId'> {
  return { paymentId: answer.status === 'captured' ? answer.paymentId : null }
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

/** Payment may not know which payment it was: then the person has to say. */
function paymentIdOf(context: Context, confirmed: ConfirmRefund): string | null {
  return context.paymentId ?? confirmed.paymentId ?? null
}

function refundedByHand(
  context: Context,
  confirmed: ConfirmRefund,
): Extract<PaymentEvent, { type: 'PaymentRefunded' }> {
  const { orderId, amount, currency } = chargeOf(context)
  const paymentId = paymentIdOf(context, confirmed)
  if (paymentId === null) throw new Error(`order ${orderId}: nobody knows which payment was refunded`)
  return { type: 'PaymentRefunded', orderId, paymentId, refundId: confirmed.refundId, amount, currency }
}
