import { setTimeout as sleep } from 'node:timers/promises'
import { amount } from '../../scripts/shop/example-order.ts'
import { type Way, wayOf } from '../workload.ts'
import type { Endings } from './endings.ts'
import type { Entry } from './entry.ts'

/** An order that was accepted. `intendedAt` and `endedAt` as `performance.now()`, `acceptedAt` in epoch milliseconds. */
export type Order = {
  readonly orderId: string
  readonly way: Way
  readonly amount: number
  readonly intendedAt: number
  readonly acceptedAt: number
  endedAt: number | null
}

export type Customers = {
  /** Places an order that was to be placed at `intendedAt`, and resolves when it has ended, or was refused. */
  buy(intendedAt: number): Promise<void>
  /** The same, but resolves as soon as it is accepted, with the promise of its ending; with nothing when it was refused. */
  place(intendedAt: number): Promise<{ readonly ended: Promise<void> } | undefined>
  readonly orders: readonly Order[]
  /** How often the shop has said that it has too much to do. */
  refusals(): number
}

/** So long a customer stays away who was refused. */
const refusalPauseMs = 100

export function customers(entry: Entry, endings: Endings): Customers {
  const orders: Order[] = []
  let asked = 0
  let refusals = 0

  async function place(intendedAt: number): Promise<{ readonly ended: Promise<void> } | undefined> {
    const way = wayOf(asked++)
    const orderId = await entry.place(way)
    if (orderId === undefined) {
      refusals++
      return undefined
    }
    const order: Order = { orderId, way, amount, intendedAt, acceptedAt: Date.now(), endedAt: null }
    orders.push(order)
    const ended = endings.of(orderId).then((at) => {
      order.endedAt = at
    })
    return { ended }
  }

  return {
    orders,
    place,
    refusals: () => refusals,
    async buy(intendedAt) {
      const placed = await place(intendedAt)
      await (placed ? placed.ended : sleep(refusalPauseMs))
    },
  }
}
