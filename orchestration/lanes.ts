import { PoisonError } from '#messaging'
import type { LogFields, Logger } from '#observability'
import { backoff, type Jitter } from './backoff.ts'
import { type Clock, pause } from './clock.ts'
import type { Head } from './journal.ts'

/** A saga's part in this process: what is known of it, and what waits on it. */
export type Saga = {
  readonly id: string
  /** `undefined`: not loaded. `null`: known to have no row. */
  head: Head | null | undefined
  /** The stored head has reached this seq. */
  covered: number
  /** Called when the stored head reaches their seq. */
  readonly waiting: { readonly seq: number; readonly done: () => void }[]
}

/** Work on one saga. An error is retried in place, a `PoisonError` goes to `poison`; nothing else overtakes meanwhile. */
export type Task = {
  readonly name: string
  /** What a line of the log says of it beside its saga. */
  about?(): LogFields
  run(saga: Saga): Promise<void>
  poison(error: PoisonError, saga: Saga): void
}

/** One lane per saga: its tasks run one at a time, in order, whatever topic or timer they came from. */
export type Lanes = {
  /** An idle saga's task begins before this returns. */
  add(sagaId: string, task: Task): void
  covered(sagaId: string, seq: number): void
  /** Forgets what is known of sagas in other partitions; their queued tasks still run. */
  retain(owned: readonly number[]): void
  idle(): Promise<void>
  stop(): void
}

/** `knownAt`: since when at least the saga's head is known to be this one. */
type Lane = { readonly saga: Saga; readonly queue: Task[]; running: boolean; knownAt: number }

/**
 * Milliseconds for which a head is believed without asking the store: another process may have finished the saga and purged it since
 * then, and the next row of a forgotten saga must not be written. Well below `purgeMargin`.
 */
export const longestBelief = 3_600_000

export function lanes({
  clock,
  log,
  random,
  capacity = 20_000,
}: {
  clock: Clock
  log: Logger
  random?: Jitter
  capacity?: number
}): Lanes {
  const all = new Map<string, Lane>()
  let running = 0
  let stopped = false
  let idlers: (() => void)[] = []

  /** A Map keeps insertion order: taking a lane out and putting it back makes it the most recently used. */
  function laneOf(sagaId: string): Lane {
    const known = all.get(sagaId)
    const lane = known ?? {
      saga: { id: sagaId, head: undefined, covered: 0, waiting: [] },
      queue: [],
      running: false,
      knownAt: 0,
    }
    if (known) all.delete(sagaId)
    all.set(sagaId, lane)
    return lane
  }

  /** Looks at two lanes for each one that comes in: enough to shrink again, and no long search when all are busy. */
  function evict(): void {
    let looks = 2
    for (const [id, lane] of all) {
      if (all.size <= capacity || looks-- === 0) return
      all.delete(id)
      if (isBusy(lane)) all.set(id, lane)
    }
  }

  async function drain(lane: Lane): Promise<void> {
    lane.running = true
    running++
    for (let task = lane.queue[0]; task && !stopped; task = lane.queue[0]) {
      await runUntilDone(lane, task)
      lane.queue.shift()
    }
    lane.running = false
    // Nothing is known of it: it need not take the place of others.
    if (lane.saga.head === undefined && !isBusy(lane)) all.delete(lane.saga.id)
    running--
    if (running === 0) {
      const waiting = idlers
      idlers = []
      for (const resolve of waiting) resolve()
    }
  }

  async function runUntilDone(lane: Lane, task: Task): Promise<void> {
    const { saga } = lane
    for (let failures = 0; !stopped; failures++) {
      try {
        return await attempt(lane, task)
      } catch (error) {
        if (error instanceof PoisonError) return task.poison(error, saga)
        log.warn(`${task.name} failed, trying again`, {
          sagaId: saga.id,
          error: String(error),
          failures: failures + 1,
          ...task.about?.(),
        })
        await pause(clock, backoff(failures, { initial: 50, max: 5_000 }, random))
      }
    }
  }

  async function attempt(lane: Lane, task: Task): Promise<void> {
    const { saga } = lane
    const now = clock.now()
    if (now - lane.knownAt > longestBelief) {
      saga.head = undefined
      saga.covered = 0
    }
    const before = saga.head
    try {
      await task.run(saga)
    } finally {
      // A new head was read or written just now, and began to count no earlier than this attempt.
      if (saga.head !== before) lane.knownAt = now
    }
  }

  return {
    add(sagaId, task) {
      const lane = laneOf(sagaId)
      lane.queue.push(task)
      if (!lane.running && !stopped) void drain(lane)
      // Only now, when the lane is busy: it must not be forgotten before its task has run.
      evict()
    },
    covered(sagaId, seq) {
      const saga = all.get(sagaId)?.saga
      if (saga) cover(saga, seq)
    },
    retain(owned) {
      for (const [id, lane] of all) {
        const partition = lane.saga.head?.partition
        const foreign = partition === undefined || !owned.includes(partition)
        if (foreign && !isBusy(lane)) all.delete(id)
      }
    },
    idle() {
      return running === 0 ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))
    },
    stop() {
      stopped = true
    },
  }
}

function isBusy({ running, queue, saga }: Lane): boolean {
  return running || queue.length > 0 || saga.waiting.length > 0
}

/** The stored head has reached `seq`: whoever waited for that or less is done. */
export function cover(saga: Saga, seq: number): void {
  saga.covered = Math.max(saga.covered, seq)
  const done = saga.waiting.filter((waiter) => waiter.seq <= saga.covered)
  if (done.length === 0) return
  const rest = saga.waiting.filter((waiter) => waiter.seq > saga.covered)
  saga.waiting.splice(0, saga.waiting.length, ...rest)
  for (const waiter of done) waiter.done()
}

/** Calls `done` once the stored head has reached `seq`, at once if it has already. */
export function whenCovered(saga: Saga, seq: number, done: () => void): void {
  if (saga.covered >= seq) done()
  else saga.waiting.push({ seq, done })
}
