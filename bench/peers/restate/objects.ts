import { currency, quote } from '../../../services/order/catalogue.ts'
import type { Charge, Companies, Parcel, Placed } from '../companies.ts'
import type { PartName } from '../parts.ts'
import type { Handlers, ObjectContext } from './sdk.ts'

/** One-way: what is said to another object is sent, and nobody waits for an answer. */
type OrderSaid = { paid(): void; delivered(): void; refused(): void; refunded(): void }
type PaymentSaid = { capture(charge: Charge): void; settle(): void; refund(): void }
type ShippingSaid = { deliver(parcel: Parcel): void }

const order = (context: ObjectContext) => context.objectSendClient<OrderSaid>({ name: 'order' }, context.key)
const payment = (context: ObjectContext) =>
  context.objectSendClient<PaymentSaid>({ name: 'payment' }, context.key)
const shipping = (context: ObjectContext) =>
  context.objectSendClient<ShippingSaid>({ name: 'shipping' }, context.key)

/**
 * The shop's business as keyed virtual objects, an object of each kind per order. State is stored at each step; `ended` is told where
 * the shop says its last event.
 */
export function objectsOf(
  companies: Companies,
  ended: (orderId: string) => void,
): Readonly<Record<PartName, Handlers>> {
  return {
    order: {
      async place(context, placed: Placed) {
        if ((await context.get('state')) !== null) return
        const priced = quote(placed.items)
        if ('unknown' in priced) throw new Error('an order for what nobody sells')
        context.set('order', { ...placed, ...priced, currency })
        context.set('state', 'paying')
        const { amount } = priced
        payment(context).capture({
          orderId: context.key,
          amount,
          currency,
          paymentToken: placed.paymentToken,
        })
      },
      async paid(context) {
        const placed = await context.get<Placed>('order')
        if (!placed) throw new Error(`order ${context.key} is paid before it was placed`)
        context.set('state', 'shipping')
        const items = placed.items.map(({ sku, quantity }) => ({ sku, quantity }))
        shipping(context).deliver({ orderId: context.key, items, shipTo: placed.shipTo })
      },
      async delivered(context) {
        context.set('state', 'delivered')
        payment(context).settle()
        ended(context.key)
      },
      async refused(context) {
        context.set('state', 'cancelling')
        payment(context).refund()
      },
      async refunded(context) {
        context.set('state', 'cancelled')
      },
    },
    payment: {
      async capture(context, charge: Charge) {
        context.set('charge', charge)
        context.set('state', 'capturing')
        const { status } = await context.run('capture', () => companies.capture(charge))
        if (status !== 'captured') throw new Error(`a payment that was to be captured is ${status}`)
        context.set('state', 'captured')
        order(context).paid()
      },
      async settle(context) {
        context.set('state', 'settled')
      },
      async refund(context) {
        context.set('state', 'refunding')
        await context.run('refund', () => companies.refund(context.key))
        context.set('state', 'refunded')
        order(context).refunded()
        ended(context.key)
      },
    },
    shipping: {
      async deliver(context, parcel: Parcel) {
        context.set('parcel', parcel)
        context.set('state', 'delivering')
        const { status } = await context.run('deliver', () => companies.deliver(parcel))
        context.set('state', status)
        if (status === 'delivered') order(context).delivered()
        else order(context).refused()
      },
    },
  }
}
