import { assign, emit, setup } from 'xstate'
import type { OrderCommand, OrderEvent, OrderItem, PaymentEvent, PlaceOrder, ShippingEvent } from '#contracts'

type Input = {
  readonly sagaId: string
  /** How long an order waits for its payment, in ms. */
  readonly paymentPatience: number
}

type Order = Pick<PlaceOrder, 'items' | 'amount' | 'currency' | 'shipTo'>

type Context = {
  readonly orderId: string
  readonly paymentPatience: number
  readonly order: Order | null
  /** Why it did not reach the customer. */
  readonly reason: string | null
}

/**
 * An order's own part. It is the one place that decides between "ship it" and "give the money back": shipping moves only on
 * `OrderPaid`, and after `OrderPaid` only shipping's refusal can still cancel.
 */
export const orderMachine = setup({
  types: {
    input: {} as Input,
    context: {} as Context,
    events: {} as OrderCommand | PaymentEvent | ShippingEvent,
    emitted: {} as OrderEvent,
  },
  delays: {
    paymentPatience: ({ context }) => context.paymentPatience,
  },
}).createMachine({
  id: 'order',
  context: ({ input }) => ({
    orderId: input.sagaId,
    paymentPatience: input.paymentPatience,
    order: null,
    reason: null,
  }),
  initial: 'new',
  states: {
    new: {
      on: {
        PlaceOrder: {
          target: 'paying',
          actions: [
            assign({ order: ({ event }) => orderOf(event) }),
            emit(({ event }) => ({ ...event, type: 'OrderPlaced' as const })),
          ],
        },
      },
    },
    paying: {
      on: {
        PaymentCaptured: { target: 'shipping', actions: emit(({ context }) => orderPaid(context)) },
        PaymentDeclined: { target: 'declined', actions: assign({ reason: ({ event }) => event.reason }) },
        // Payment gave up by itself: it took nothing, or has given it back.
        PaymentReleased: { target: 'declined', actions: assign({ reason: ({ event }) => event.reason }) },
        PaymentRefunded: {
          target: 'declined',
          actions: assign({ reason: 'the payment failed and was refunded' }),
        },
        PaymentWrittenOff: {
          target: 'declined',
          actions: assign({
            reason: ({ event }) => `the payment failed and will not be refunded: ${event.reason}`,
          }),
        },
        CancelOrder: { target: 'cancelling', actions: assign({ reason: ({ event }) => event.reason }) },
      },
      after: {
        paymentPatience: {
          target: 'cancelling',
          actions: assign({ reason: 'payment did not answer in time' }),
        },
      },
    },
    shipping: {
      on: {
        ShipmentDelivered: {
          target: 'delivered',
          actions: emit(({ context }) => ({ type: 'OrderDelivered', orderId: context.orderId })),
        },
        ShipmentRefused: { target: 'cancelling', actions: assign({ reason: ({ event }) => event.reason }) },
        // Too late: the parcel may be on its way.
        CancelOrder: {},
      },
    },
    // Final only when payment has said that it owes nothing any more, or that a person has given the refund up.
    cancelling: {
      tags: ['compensation'],
      entry: emit(({ context }) => ({
        type: 'OrderCancelled',
        orderId: context.orderId,
        reason: context.reason ?? 'unknown',
      })),
      on: {
        PaymentRefunded: 'cancelled',
        PaymentReleased: 'cancelled',
        PaymentDeclined: 'cancelled',
        PaymentWrittenOff: {
          target: 'cancelled',
          actions: assign({
            reason: ({ context, event }) =>
              `${context.reason}; the payment will not be refunded: ${event.reason}`,
          }),
        },
        // Crossed our cancellation on its way; payment refunds it.
        PaymentCaptured: {},
        CancelOrder: {},
      },
    },
    delivered: { type: 'final' },
    declined: { type: 'final' },
    cancelled: { type: 'final' },
  },
})

function orderOf({ items, amount, currency, shipTo }: PlaceOrder): Order {
  return { items, amount, currency, shipTo }
}

function orderPaid({ orderId, order }: Context): Extract<OrderEvent, { type: 'OrderPaid' }> {
  if (!order) throw new Error(`order ${orderId} is paid before it was placed`)
  const items = order.items.map(({ sku, quantity }: OrderItem) => ({ sku, quantity }))
  return { type: 'OrderPaid', orderId, items, shipTo: order.shipTo }
}
