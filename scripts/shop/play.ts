import { eventLine, watchEvents } from './events.ts'
import { endingOf, placeOrder, type Scenario, scenarios } from './scenarios.ts'
import type { Shop } from './shop.ts'

type Say = (line: string) => void

/** The events that were printed so far. */
export type Printed = { has(orderId: string, type: string): boolean; close(): Promise<void> }

/** Prints every event from now on, as it lands, until it is closed. */
export async function printEvents(shop: Shop, say: Say): Promise<Printed> {
  const colour = process.stdout.isTTY && !process.env.NO_COLOR
  const printed = new Set<string>()
  const watcher = await watchEvents(shop, (event, topic) => {
    say(eventLine(event, topic, colour))
    printed.add(`${event.sagaId} ${event.type}`)
  })
  return { has: (orderId, type) => printed.has(`${orderId} ${type}`), close: watcher.close }
}

/** Plays the scenarios one after the other. Returns how many did not end as they should; throws the signal's reason when it is aborted. */
export async function playScenarios(
  shop: Shop,
  printed: Printed,
  say: Say,
  signal: AbortSignal,
): Promise<number> {
  let failed = 0
  for (const scenario of scenarios) {
    signal.throwIfAborted()
    if (!(await play(shop, scenario, printed, say))) failed++
  }
  say(
    failed === 0
      ? '\nAll four orders ended as they should.'
      : `\n${failed} of ${scenarios.length} orders did not end as they should.`,
  )
  return failed
}

async function play(shop: Shop, scenario: Scenario, printed: Printed, say: Say): Promise<boolean> {
  const began = performance.now()
  say(`\n${scenario.tells}`)
  const api = shop.addresses.order ?? ''
  const orderId = await placeOrder(api, scenario)
  const state = await endingOf(api, orderId)
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  // The API may know the ending before the last event has been printed.
  await until(() => printed.has(orderId, scenario.lastEvent), 5_000)
  const right = state === scenario.ending
  say(
    `${right ? '✓' : '✗'} order ${orderId} is ${state}${right ? '' : `, expected ${scenario.ending}`} (${seconds} s)`,
  )
  return right
}

async function until(condition: () => boolean, limit: number): Promise<void> {
  const end = performance.now() + limit
  while (!condition() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20))
}
