import type { PlaceOrder } from '#contracts'

/** What the sandbox reads in an order: which card, and where to. */
export type Choice = { readonly paymentToken: string; readonly postcode: string }

/** The card is good, and the parcel arrives. */
export const straight: Choice = { paymentToken: 'tok_ok', postcode: '10115' }

/** What the order costs: two mugs, in minor units. */
export const amount = 2_900

/** The order of which everything here is an example, as a customer sends it to the API. */
export function orderBody({ paymentToken, postcode }: Choice = straight) {
  return {
    customerId: 'customer-1',
    items: [{ sku: 'MUG-1', quantity: 2 }],
    paymentToken,
    shipTo: { name: 'Ada Lovelace', street: 'Marienstrasse 1', city: 'Berlin', postcode, country: 'DE' },
  }
}

/** What the order service makes of it. */
export function placeOrderCommand(orderId: string, choice: Choice = straight): PlaceOrder {
  const { items, ...order } = orderBody(choice)
  const priced = items.map((item) => ({ ...item, unitPrice: amount / item.quantity }))
  return { orderId, ...order, items: priced, amount, currency: 'EUR' }
}
