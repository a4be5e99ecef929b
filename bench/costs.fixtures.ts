import type { Broker } from '#messaging'
import type { Store } from '#orchestration'
import { quiet, turn, until } from '../orchestration/manual-clock.fixtures.ts'
import { placeOrderCommand } from '../scripts/shop/example-order.ts'
import { outcomeOf, topState } from '../services/cast.ts'
import { startProcess } from '../test/crash-processes.fixtures.ts'
import { unread } from '../test/invariants/collect.ts'
import { names } from '../test/invariants/parts.ts'
import { openSmallShop, type SmallShop } from '../test/invariants/small-shop.fixtures.ts'
import { countingBroker, countingStore, emptyTally, type Tally } from './counting.fixtures.ts'
import type { Way } from './workload.ts'

/** Something that costs more, between the runtime and what is counted. */
export type Plant = { broker?(broker: Broker): Broker; store?(store: Store): Store }

/** What one order costs a shop on memory, where `count` orders are placed at once, all of them this way. The API is not part of it. */
export async function costsOf(way: Way, count: number, plant: Plant = {}): Promise<Tally> {
  const tally = emptyTally()
  const shop = await openSmallShop((broker) => broker)
  const bug = {
    broker(broker: Broker): Broker {
      const counted = countingBroker(broker, tally)
      return plant.broker?.(counted) ?? counted
    },
    store(store: Store): Store {
      const counted = countingStore(store, tally)
      return plant.store?.(counted) ?? counted
    },
  }
  const processes = await Promise.all(
    names.map((name) => startProcess(shop, name, { bug, diesAt: () => false })),
  )
  try {
    await quiet(shop.clock, 10)
    // What a process says and asks when it joins is no order's cost.
    Object.assign(tally, emptyTally())
    const ids = Array.from({ length: count }, (_, index) => idOf(index))
    for (const id of ids) await shop.say('PlaceOrder', id, placeOrderCommand(id, way))
    await until(shop.clock, 'every order has ended', async () => {
      await turn()
      return ids.every((id) => outcomeIn(shop, id) === way.ending) && (await unread(shop.broker, names)) === 0
    })
    return perOrder(tally, count)
  } finally {
    for (const process of processes) await process.kill()
  }
}

/** As long as a real one. */
function idOf(index: number): string {
  return `0192f000-0000-7000-8000-${String(index).padStart(12, '0')}`
}

function outcomeIn({ rows }: SmallShop, orderId: string): string | undefined {
  const stateOf = (name: (typeof names)[number]) => {
    const state = rows[name].findLast(({ sagaId }) => sagaId === orderId)?.state
    return state ? topState(state.value) : 'absent'
  }
  return outcomeOf({ order: stateOf('order'), payment: stateOf('payment'), shipping: stateOf('shipping') })
}

function perOrder(tally: Tally, count: number): Tally {
  return Object.fromEntries(Object.entries(tally).map(([name, number]) => [name, number / count])) as Tally
}
