import { randomUUID } from 'node:crypto'
import { orderBody } from '../scripts/shop/example-order.ts'
import { type Scenario, scenarios } from '../scripts/shop/scenarios.ts'

/** A way that orders of the benchmark take, as the shop's own scenarios tell it. */
export type Way = Pick<Scenario, 'name' | 'paymentToken' | 'postcode' | 'ending' | 'lastEvent'>

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

/** A request is its customer's own: no two have the same key. */
export const newKey = randomUUID

function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name)
  if (!found) throw new Error(`the shop has no scenario "${name}"`)
  return found
}
