import type { Logger } from '#observability'
import { type Clock, pause } from './clock.ts'
import type { DueHead, Store } from './store.ts'

/** Finds what must happen by itself: heads of owned partitions with a timer or an unanswered effect that is due. */
export type Sweep = {
  /** Everything that falls due within `horizon` ms, now: for partitions that have just been gained. */
  recover(partitions: readonly number[], horizon: number): Promise<void>
  stop(): Promise<void>
}

const pageSize = 500

/** Milliseconds for which a saga may be due: its owner takes some, and a step that waits for a server some more. */
const overdueAfter = 10_000

export function sweep(options: {
  readonly store: Store
  readonly clock: Clock
  readonly log: Logger
  /** Milliseconds between two looks: how late a timer may be. */
  readonly interval: number
  readonly owned: () => readonly number[]
  /** Told after each look: sagas whose due time has passed by more than `overdueAfter`. */
  readonly onOverdue?: (sagas: number) => void
  /** Call `done` when the saga has been looked at; until then it is not handed over again. */
  readonly onDue: (head: DueHead, done: () => void) => void
}): Sweep {
  const { store, clock, log, interval, owned, onDue, onOverdue = () => {} } = options
  const underWay = new Set<string>()
  let stopped = false
  const loop = run()

  async function run(): Promise<void> {
    while (!stopped) {
      await look(owned(), clock.now()).then(onOverdue, (error) =>
        log.warn('the sweep failed, trying again', { error: String(error) }),
      )
      if (!stopped) await pause(clock, interval)
    }
  }

  /**
   * Page by page to the end, so that long-running effects at the front cannot hide what is due behind them. Resolves with how many
   * are overdue.
   */
  async function look(partitions: readonly number[], now: number): Promise<number> {
    if (partitions.length === 0) return 0
    let overdue = 0
    let after: DueHead | undefined
    do {
      const page = await store.dueHeads({ partitions, now, limit: pageSize, ...(after && { after }) })
      for (const head of page) handOver(head)
      overdue += page.filter(({ dueAt }) => dueAt < now - overdueAfter).length
      after = page.length === pageSize ? page.at(-1) : undefined
    } while (after && !stopped)
    return overdue
  }

  function handOver(head: DueHead): void {
    if (underWay.has(head._id)) return
    underWay.add(head._id)
    onDue(head, () => underWay.delete(head._id))
  }

  return {
    async recover(partitions, horizon) {
      await look(partitions, clock.now() + horizon).catch((error) =>
        log.warn('the recovery sweep failed', { error: String(error) }),
      )
    },
    async stop() {
      stopped = true
      await loop
    },
  }
}
