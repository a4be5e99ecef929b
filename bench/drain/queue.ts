import type { Customers } from '../load/customers.ts'
import { closedLoop } from '../load/loops.ts'

/** How fast a queue got shorter. */
export type Rate = {
  /** From the first ending to the last one. */
  readonly seconds: number
  readonly ordersPerSecond: number
}

/** Orders on their way to Kafka at once: what waits goes in one request. */
const placedAtOnce = 1_000

/** So long nothing ends while services still start, or wait for what another one does first. */
const usualStallMs = 120_000

/** Places so many orders. Resolves with the promises of their endings, while none of them has to end. */
export async function queueUp(
  { place }: Pick<Customers, 'place'>,
  count: number,
  signal: AbortSignal,
): Promise<readonly Promise<void>[]> {
  const endings: Promise<void>[] = []
  let asked = 0
  async function queue(intendedAt: number): Promise<void> {
    asked++
    const placed = await place(intendedAt)
    if (placed) endings.push(placed.ended)
  }
  await closedLoop(placedAtOnce, queue, () => asked >= count || signal.aborted)
  signal.throwIfAborted()
  return endings
}

/** Resolves as soon as at least so many of these have. */
export function soMany(count: number, promises: readonly Promise<void>[]): Promise<void> {
  let missing = count
  return new Promise((resolve) => {
    for (const promise of promises) void promise.then(() => --missing <= 0 && resolve())
  })
}

/** What becomes of this work. Rejects when for too long no further order has ended, and with the signal's reason. */
export async function unlessStalled<T>(
  work: Promise<T>,
  {
    endings,
    signal,
    stallMs = usualStallMs,
  }: { endings: readonly Promise<void>[]; signal: AbortSignal; stallMs?: number },
): Promise<T> {
  const { promise: stalled, reject } = Promise.withResolvers<never>()
  let ended = 0
  const giveUp = () =>
    reject(new Error(`${ended} of ${endings.length} orders have ended, and none for ${stallMs / 1_000} s`))
  const timer = setTimeout(giveUp, stallMs)
  for (const ending of endings)
    void ending.then(() => {
      ended++
      timer.refresh()
    })
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    signal.throwIfAborted()
    return await Promise.race([work, stalled])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

/** By the moments of the endings, in milliseconds; of two orders at least. What was before the first one does not count: services start. */
export function rateOf(endedAt: readonly number[]): Rate {
  const sorted = Float64Array.from(endedAt).sort()
  const seconds = ((sorted.at(-1) ?? 0) - (sorted[0] ?? 0)) / 1_000
  return { seconds, ordersPerSecond: (sorted.length - 1) / seconds }
}
