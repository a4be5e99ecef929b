import { setTimeout as sleep } from 'node:timers/promises'
import type { Customers, Order } from './load/customers.ts'
import { type Latencies, latenciesOf } from './percentiles.ts'
import { type Snapshot, snapshot } from './snapshot.ts'
import type { Watched } from './stage/watched.ts'

/** A way to make orders come. */
export type Load = {
  readonly name: string
  /** In a closed loop, latencies are of the orders that ended in the window; at a constant rate, of those that were to be placed in it, whenever they ended. */
  readonly latenciesOf: 'ended' | 'intended'
  run(buy: Customers['buy'], isOver: () => boolean): Promise<void>
}

export type ProcessShare = {
  readonly name: string
  /** Whether it is part of what an order costs. */
  readonly isCost: boolean
  readonly cpuMsPerOrder: number
  /** Bytes, at the end of the window. */
  readonly rss: number
}

/** What came of a load in its window. */
export type Measured = {
  readonly name: string
  readonly seconds: number
  /** Orders that ended in the window. */
  readonly orders: number
  readonly ordersPerSecond: number
  /** From the moment in which an order was to be placed until its last event was seen. */
  readonly latencies: Latencies
  /** The same by the way that orders took. */
  readonly byWay: Readonly<Record<string, Latencies>>
  /** How often the shop said that it has too much to do. */
  readonly refusals: number
  readonly processes: readonly ProcessShare[]
  /** Of the participants, the broker and the store together. */
  readonly cpuMsPerOrder: number
  /** What processes that are no part of this took of the machine, as a part of one core: disturbance. */
  readonly elsewhere: number
  /** Microseconds of the monotonic clock. */
  readonly window: { readonly from: number; readonly to: number }
}

/** Long enough that a load has become what it is before its window opens. */
const usualRampMs = 3_000

/** Every order that was accepted must end in this time, in ms, after the last one was placed. */
const endLimitMs = 120_000

/** Runs a load, looks at a window of it, and resolves when each of its orders has ended. Rejects when one does not, or none did in the window. */
export async function measure(
  load: Load,
  {
    customers,
    watched,
    seconds,
    rampMs = usualRampMs,
    signal,
  }: {
    customers: Customers
    watched: readonly Watched[]
    seconds: number
    /** Before the window. */
    rampMs?: number
    /** Ends it with the signal's reason. */
    signal: AbortSignal
  },
): Promise<Measured> {
  let over = false
  const running = load.run(customers.buy, () => over || signal.aborted)
  const failed = running.then(() => undefined)
  await Promise.race([failed, pause(rampMs, signal)])
  const refusals = customers.refusals()
  const before = snapshot(watched)
  await Promise.race([failed, pause(seconds * 1_000, signal)])
  const after = snapshot(watched)
  over = true
  await inTime(running, customers, signal)
  return figures(load, customers, { watched, before, after, refusals: customers.refusals() - refusals })
}

async function inTime(running: Promise<void>, { orders }: Customers, signal: AbortSignal): Promise<void> {
  const ended = await Promise.race([running.then(() => true), pause(endLimitMs, signal).then(() => false)])
  if (ended) return
  const open = orders.filter(({ endedAt }) => endedAt === null)
  throw new Error(
    `${open.length} orders have not ended after ${endLimitMs / 1_000} s, e.g. ${open[0]?.orderId}`,
  )
}

/** Rejects with the signal's reason. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => signal.throwIfAborted())
}

function figures(
  load: Load,
  { orders }: Customers,
  {
    watched,
    before,
    after,
    refusals,
  }: { watched: readonly Watched[]; before: Snapshot; after: Snapshot; refusals: number },
): Measured {
  const isInside = (at: number | null) => at !== null && at >= before.at && at < after.at
  const ended = orders.filter(({ endedAt }) => isInside(endedAt))
  if (ended.length === 0) throw new Error(`no order has ended while "${load.name}" was measured`)
  const timed = load.latenciesOf === 'ended' ? ended : orders.filter(({ intendedAt }) => isInside(intendedAt))
  const spent = watched.map(
    (_, index) => (after.usages[index]?.cpuMs ?? 0) - (before.usages[index]?.cpuMs ?? 0),
  )
  const processes = watched.map(({ name, isCost }, index): ProcessShare => {
    const cpuMsPerOrder = (spent[index] ?? 0) / ended.length
    return { name, isCost, cpuMsPerOrder, rss: after.usages[index]?.rss ?? 0 }
  })
  const ms = after.at - before.at
  return {
    name: load.name,
    seconds: ms / 1_000,
    orders: ended.length,
    ordersPerSecond: (ended.length * 1_000) / ms,
    latencies: latenciesOf(timed.map(latency)),
    byWay: Object.fromEntries(
      [...Map.groupBy(timed, ({ way }) => way.name)].map(([way, some]) => [
        way,
        latenciesOf(some.map(latency)),
      ]),
    ),
    refusals,
    processes,
    cpuMsPerOrder: processes.reduce(
      (sum, { isCost, cpuMsPerOrder }) => sum + (isCost ? cpuMsPerOrder : 0),
      0,
    ),
    elsewhere: Math.max(0, (after.busyMs - before.busyMs - spent.reduce((sum, part) => sum + part, 0)) / ms),
    window: { from: before.monotonic, to: after.monotonic },
  }
}

/** Milliseconds. */
export function latency({ intendedAt, endedAt }: Order): number {
  return (endedAt ?? Number.POSITIVE_INFINITY) - intendedAt
}
