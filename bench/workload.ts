import { randomUUID } from 'node:crypto'
import { orderBody, type Scenario, scenarios } from '../scripts/shop/scenarios.ts'

/** A way that orders of the benchmark take, as the shop's own scenarios tell it. */
export type Way = Pick<Scenario, 'name' | 'paymentToken' | 'postcode' | 'ending' | 'lastEvent'>

/** Minor units: two mugs. */
export const amount = 2_900

export const delivered = scenarioNamed('delivered')
export const refused = scenarioNamed('refused')
export const ways: readonly Way[] = [delivered, refused]

/** Every tenth order is refused by the carrier, so that its payment is given back. */
export function wayOf(index: number): Way {
  return index % 10 === 9 ? refused : delivered
}

/** What a customer sends. */
export function bodyOf(way: Way): string {
  return JSON.stringify(orderBody(way))
}

/** What the order service makes of it: `PlaceOrder`, for orders that go to Kafka past the API. */
export function commandOf(way: Way, orderId: string): Readonly<Record<string, unknown>> {
  const { items, ...order } = orderBody(way)
  const priced = items.map((item) => ({ ...item, unitPrice: amount / item.quantity }))
  return { orderId, ...order, items: priced, amount, currency: 'EUR' }
}

/** A request is its customer's own: no two have the same key. */
export const newKey = randomUUID

function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name)
  if (!found) throw new Error(`the shop has no scenario "${name}"`)
  return found
}
