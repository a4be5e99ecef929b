import type { Logger } from '#observability'
import { backoff, type Jitter } from './backoff.ts'
import { type Clock, pause } from './clock.ts'
import { committerMetrics } from './committer-metrics.ts'

/**
 * Batches by itself: one commit under way, whatever was added meanwhile goes into the next. Nothing waits on a clock at low load,
 * and batches grow with the load. A commit that fails is tried again in place with the same batch until it succeeds, so items
 * are committed in the order of `add`.
 */
export type GroupCommitter<T> = {
  add(item: T): void
  /** Resolves when nothing is queued or under way. */
  idle(): Promise<void>
  /** Gives up: no further attempt is begun, and queued items stay uncommitted. */
  stop(): void
}

export type Committed = {
  readonly items: number
  /** By the clock, with all attempts. */
  readonly tookMs: number
}

export type GroupCommitterOptions<T> = {
  readonly name: string
  readonly commit: (batch: readonly T[]) => Promise<void>
  readonly clock: Clock
  readonly log: Logger
  readonly random?: Jitter | undefined
  readonly maxBatch?: number
  /**
   * Where larger batches are worth a wait: a rest after each batch, in ms. It ends as soon as a full batch is queued, or somebody waits
   * for `idle`.
   */
  readonly rest?: (batch: Committed) => number
  /** Items that nobody waits for: while there are no others they stay for so many ms, and go with what comes meanwhile. */
  readonly linger?: { readonly ms: number; readonly of: (item: T) => boolean }
}

export function groupCommitter<T>({
  name,
  commit,
  clock,
  log,
  random,
  maxBatch = 500,
  rest,
  linger,
}: GroupCommitterOptions<T>): GroupCommitter<T> {
  const metrics = committerMetrics(name)
  let queue: T[] = []
  let running = false
  let stopped = false
  let idlers: (() => void)[] = []
  let wake: (() => void) | undefined

  async function run(): Promise<void> {
    running = true
    // Lets everything that was added in the same turn of the event loop into the first batch.
    await Promise.resolve()
    while (queue.length > 0 && !stopped) {
      if (linger && queue.every(linger.of)) await waiting(linger.ms)
      const batch = queue.slice(0, maxBatch)
      queue = queue.slice(maxBatch)
      const began = clock.now()
      await commitUntilDone(batch)
      if (rest) await waiting(rest({ items: batch.length, tookMs: clock.now() - began }))
    }
    running = false
    const done = idlers
    idlers = []
    for (const resolve of done) resolve()
  }

  /** Until `ms` are over, or something does not let it wait any longer. */
  async function waiting(ms: number): Promise<void> {
    if (ms <= 0 || stopped || idlers.length > 0 || queue.length >= maxBatch) return
    await new Promise<void>((resolve) => {
      const cancel = clock.schedule(ms, resolve)
      wake = () => {
        cancel()
        resolve()
      }
    })
    wake = undefined
  }

  async function commitUntilDone(batch: readonly T[]): Promise<void> {
    for (let failures = 0; !stopped; failures++) {
      const began = performance.now()
      try {
        await commit(batch)
        metrics.committed(batch.length, began)
        return
      } catch (error) {
        metrics.failed()
        log.warn(`${name} failed, trying again`, {
          error: String(error),
          batch: batch.length,
          failures: failures + 1,
        })
        await pause(clock, backoff(failures, { initial: 50, max: 2_000 }, random))
      }
    }
  }

  return {
    add(item) {
      queue.push(item)
      if (queue.length >= maxBatch || (linger && !linger.of(item))) wake?.()
      if (!running && !stopped) void run()
    },
    idle() {
      if (!running) return Promise.resolve()
      wake?.()
      return new Promise((resolve) => idlers.push(resolve))
    },
    stop() {
      stopped = true
      wake?.()
    },
  }
}
