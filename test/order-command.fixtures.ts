import type { PlaceOrder } from '#contracts'

/** What the sandbox goes by: who pays, and where it goes. */
type Choice = { readonly paymentToken: string; readonly postcode: string; readonly amount: number }

/** The words of a customer who orders two mugs, for `amount` in all. */
export function orderCommand({
  paymentToken,
  postcode,
  amount,
}: Choice): Omit<PlaceOrder, 'type' | 'orderId'> {
  return {
    customerId: 'customer-1',
    items: [{ sku: 'MUG-1', quantity: 2, unitPrice: amount / 2 }],
    amount,
    currency: 'EUR',
    paymentToken,
    shipTo: { name: 'Ada', street: 'Main Street 1', city: 'Berlin', postcode, country: 'DE' },
  }
}
