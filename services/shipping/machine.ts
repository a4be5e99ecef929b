import { assign, emit, fromPromise, setup } from 'xstate'
import type { OrderEvent, OrderPaid, ShippingControl, ShippingEvent } from '#contracts'

export type Parcel = Pick<OrderPaid, 'orderId' | 'items' | 'shipTo'>

export type DeliveryAnswer =
  | { readonly status: 'delivered'; readonly shipmentId: string; readonly trackingNumber: string }
  | { readonly status: 'refused'; readonly reason: string }

export type RecallAnswer =
  | { readonly status: 'delivered'; readonly shipmentId: string; readonly trackingNumber: string }
  | { readonly status: 'recalled' }

type Input = {
  readonly sagaId: string
  /** How long to wait before a recall that the carrier refused is asked for again, in ms. */
  readonly recallPause: number
  /** How often the carrier may refuse a recall before a person has to decide. */
  readonly recallAttempts: number
}

type Context = {
  readonly orderId: string
  readonly recallPause: number
  readonly recallAttempts: number
  readonly parcel: Parcel | null
  /** Recalls that the carrier has refused since the last person asked for one. */
  readonly refusals: number
}

/** A person's word counts only while it is waited for: in any other state it is recorded, and never kept for later. */
const noPersonNeeded = { RetryRecall: {}, ConfirmDelivery: {}, ConfirmRecall: {} }

/**
 * Shipping's own part: one delivery, or a clear "no". It never leaves open whether the parcel is on its way; when the carrier
 * does not say, a person has to.
 */
export const shippingMachine = setup({
  types: {
    input: {} as Input,
    context: {} as Context,
    events: {} as OrderEvent | ShippingControl,
    emitted: {} as ShippingEvent,
  },
  actors: {
    deliverParcel: fromPromise<DeliveryAnswer, Parcel>(performedByEffect),
    recallParcel: fromPromise<RecallAnswer, { readonly orderId: string }>(performedByEffect),
  },
  guards: {
    isLastAttempt: ({ context }) => context.refusals + 1 >= context.recallAttempts,
  },
  delays: {
    recallPause: ({ context }) => context.recallPause,
  },
}).createMachine({
  id: 'shipping',
  context: ({ input: { sagaId, recallPause, recallAttempts } }) => ({
    orderId: sagaId,
    recallPause,
    recallAttempts,
    parcel: null,
    refusals: 0,
  }),
  initial: 'new',
  states: {
    new: {
      on: {
        OrderPaid: {
          target: 'delivering',
          actions: assign({
            parcel: ({ event: { orderId, items, shipTo } }) => ({ orderId, items, shipTo }),
          }),
        },
      },
    },
    delivering: {
      on: noPersonNeeded,
      invoke: {
        id: 'deliverParcel',
        src: 'deliverParcel',
        input: ({ context }) => parcelOf(context),
        onDone: [
          {
            guard: ({ event }) => event.output.status === 'delivered',
            target: 'delivered',
            actions: emit(({ context, event }) => delivered(context, event.output)),
          },
          { target: 'refused', actions: emit(({ context, event }) => refused(context, event.output)) },
        ],
        // Whether the parcel left is unknown: the recall finds out, and stops it if it has not.
        onError: 'recalling',
      },
    },
    recalling: {
      tags: ['compensation'],
      on: noPersonNeeded,
      invoke: {
        id: 'recallParcel',
        src: 'recallParcel',
        input: ({ context }) => ({ orderId: context.orderId }),
        onDone: [
          {
            guard: ({ event }) => event.output.status === 'delivered',
            target: 'delivered',
            actions: emit(({ context, event }) => delivered(context, event.output)),
          },
          {
            target: 'refused',
            actions: emit(({ context }) => ({
              type: 'ShipmentRefused',
              orderId: context.orderId,
              reason: 'the carrier did not answer',
            })),
          },
        ],
        onError: [
          { guard: 'isLastAttempt', target: 'recallStuck' },
          {
            target: 'recallRefused',
            actions: assign({ refusals: ({ context }) => context.refusals + 1 }),
          },
        ],
      },
    },
    // The parcel may still be on its way, so this is no ending: the recall is asked for again.
    recallRefused: {
      tags: ['compensation'],
      on: noPersonNeeded,
      after: { recallPause: 'recalling' },
    },
    // Still open, but asking again does not help: this waits for a person, for as long as it takes.
    recallStuck: {
      tags: ['compensation'],
      on: {
        RetryRecall: { target: 'recalling', actions: assign({ refusals: 0 }) },
        ConfirmDelivery: {
          target: 'delivered',
          actions: emit(({ event: { orderId, shipmentId, trackingNumber } }) => ({
            type: 'ShipmentDelivered',
            orderId,
            shipmentId,
            trackingNumber,
          })),
        },
        ConfirmRecall: {
          target: 'refused',
          actions: emit(({ event: { orderId, reason } }) => ({ type: 'ShipmentRefused', orderId, reason })),
        },
      },
    },
    delivered: { type: 'final' },
    refused: { type: 'final' },
  },
})

/** The machine only names its actors; their work stands in effects.ts. */
async function performedByEffect(): Promise<never> {
  throw new Error('this actor is performed by an effect')
}

function parcelOf({ orderId, parcel }: Context): Parcel {
  if (!parcel) throw new Error(`order ${orderId} has nothing to send`)
  return parcel
}

function delivered(
  { orderId }: Context,
  answer: DeliveryAnswer | RecallAnswer,
): Extract<ShippingEvent, { type: 'ShipmentDelivered' }> {
  if (answer.status !== 'delivered') throw new Error(`order ${orderId}: not a delivery: ${answer.status}`)
  const { shipmentId, trackingNumber } = answer
  return { type: 'ShipmentDelivered', orderId, shipmentId, trackingNumber }
}

function refused(
  { orderId }: Context,
  answer: DeliveryAnswer,
): Extract<ShippingEvent, { type: 'ShipmentRefused' }> {
  if (answer.status !== 'refused') throw new Error(`order ${orderId}: not a refusal: ${answer.status}`)
  return { type: 'ShipmentRefused', orderId, reason: answer.reason }
}
