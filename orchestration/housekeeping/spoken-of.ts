import type { Logger } from '#observability'
import type { Jitter } from '../backoff.ts'
import type { Clock } from '../clock.ts'
import { groupCommitter } from '../group-committer.ts'
import type { Head } from '../journal.ts'
import type { Store } from '../store.ts'
import { finishedAt } from './archive.ts'

/** Milliseconds after its end in which nobody notes that a saga is spoken of: `purgeMargin` is longer. */
const afterglow = 3_600_000

/**
 * Notes in the store that a finished saga was spoken of again. A copy of an event that the saga has taken in makes no row, but it stays
 * in its topic as long as any other record: the saga must stay longer, or the copy, read again, would begin it a second time.
 */
export type SpokenOf = {
  /** Resolves when it is stored, at once when there is nothing to note. */
  note(head: Head): Promise<void>
  stop(): void
}

export function spokenOf(options: {
  readonly store: Store
  readonly clock: Clock
  readonly log: Logger
  readonly random?: Jitter
}): SpokenOf {
  const { store, clock, log, random } = options
  const committer = groupCommitter<{ readonly sagaId: string; readonly resolve: () => void }>({
    name: 'note who was spoken of',
    clock,
    log,
    random,
    async commit(batch) {
      await store.archive.spokenOf([...new Set(batch.map(({ sagaId }) => sagaId))], clock.now())
      for (const { resolve } of batch) resolve()
    },
  })

  return {
    async note(head) {
      const finished = finishedAt(head)
      if (finished === null || clock.now() - finished < afterglow) return
      await new Promise<void>((resolve) => committer.add({ sagaId: head._id, resolve }))
    },
    stop: () => committer.stop(),
  }
}
