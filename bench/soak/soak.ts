import { setInterval as every } from 'node:timers/promises'
import type { Customers, Order } from '../load/customers.ts'
import { type Load, latency, type Measured, measure } from '../measure.ts'
import { type Latencies, latenciesOf } from '../percentiles.ts'
import { type Snapshot, snapshot } from '../snapshot.ts'
import type { Watched } from '../stage/watched.ts'
import { type Growth, growthOf } from './growth.ts'

/** What became of latencies and memory under a load that lasted. */
export type Soak = {
  readonly load: Measured
  /** Of the orders that were to be placed in the first tenth of the window, and in its last one. */
  readonly firstTenth: Latencies
  readonly lastTenth: Latencies
  /** Resident bytes of each process, from a sixth of the window to its end: from minute 10 of an hour. */
  readonly memory: readonly (Growth & Pick<Watched, 'name' | 'isCost'>)[]
}

/** In `performance.now()`. */
type Window = { readonly from: number; readonly to: number }

const sampleMs = 10_000
/** Before this part of the window services still get warm, and caches fill. */
const settledAfter = 1 / 6

/** Measures a load for so many seconds, and looks at the memory of every process each ten of them. */
export async function soak(
  load: Load,
  options: {
    customers: Customers
    watched: readonly Watched[]
    seconds: number
    signal: AbortSignal
  },
): Promise<Soak> {
  const { customers, watched } = options
  const samples = [snapshot(watched)]
  const over = new AbortController()
  const measuring = measure(load, options).finally(() => over.abort())
  const [measured] = await Promise.all([measuring, sample(watched, samples, over.signal)])
  const window = windowOf(measured, samples)
  return {
    load: measured,
    ...tenthsOf(customers.orders, window),
    memory: watched.map(({ name, isCost }, index) => ({ name, isCost, ...memoryOf(samples, index, window) })),
  }
}

async function sample(watched: readonly Watched[], samples: Snapshot[], signal: AbortSignal): Promise<void> {
  try {
    for await (const _ of every(sampleMs, undefined, { signal })) samples.push(snapshot(watched))
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/** A snapshot tells both clocks. */
function windowOf({ window }: Measured, [first]: readonly Snapshot[]): Window {
  const shift = (first?.at ?? 0) - (first?.monotonic ?? 0) / 1_000
  return { from: window.from / 1_000 + shift, to: window.to / 1_000 + shift }
}

export function memoryOf(samples: readonly Snapshot[], index: number, { from, to }: Window): Growth {
  const settled = from + settledAfter * (to - from)
  const points = samples
    .filter(({ at }) => at >= settled && at <= to)
    .map(({ at, usages }) => ({ at, value: usages[index]?.rss ?? 0 }))
  return growthOf(points, settled, to)
}

/** Orders that have all ended. */
export function tenthsOf(
  orders: readonly Order[],
  { from, to }: Window,
): Pick<Soak, 'firstTenth' | 'lastTenth'> {
  const tenth = (to - from) / 10
  const between = (begin: number, end: number) =>
    latenciesOf(orders.filter(({ intendedAt }) => intendedAt >= begin && intendedAt < end).map(latency))
  return { firstTenth: between(from, from + tenth), lastTenth: between(to - tenth, to) }
}
