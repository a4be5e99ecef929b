import type { Logger } from '#observability'
import type { Jitter } from './backoff.ts'
import type { Clock } from './clock.ts'
import { type Committed, groupCommitter } from './group-committer.ts'
import { finishedAt } from './housekeeping/archive.ts'
import type { Head } from './journal.ts'
import type { Store } from './store.ts'

/** Writes the heads of rows that are published. */
export type HeadWriter = {
  add(head: Head): void
  /** Resolves when nothing waits or is under way; what waits is written at once. */
  idle(): Promise<void>
  stop(): void
}

export type HeadWriterOptions = {
  readonly store: Pick<Store, 'writeHeads'>
  /** The stored head of this saga has reached this seq. */
  readonly onCovered: (sagaId: string, seq: number) => void
  /** False while somebody waits for each single head. */
  readonly mayWait: () => boolean
  readonly clock: Clock
  readonly log: Logger
  readonly random?: Jitter | undefined
}

/** `first`: the saga's first row is in it, so the store has no head of it yet. */
type Unwritten = { readonly head: Head; readonly first: boolean }
type Waiting = Unwritten & { readonly until: number; readonly cancel: () => void }

/**
 * A store makes about ten inserts in the time of one update. So a head waits, in ms, until its saga has ended, or a timer of it falls
 * due, or this time is over: most sagas then cost one insert, and those that last move on several rows with one write. Only offsets,
 * the sweep and readers of the past wait for a head.
 */
const longestWait = 1_000

/** And they are written in rounds, in ms: a request for one costs as much as one for many. */
const rest = ({ items }: Committed) => Math.min(50 * items, 500)

/** Writes heads when their time has come, the newest of each saga, again and again until the store has them. */
export function headWriter({ store, onCovered, mayWait, clock, log, random }: HeadWriterOptions): HeadWriter {
  const waiting = new Map<string, Waiting>()
  const committer = groupCommitter<Unwritten>({
    ...{ name: 'head write', clock, log, random },
    commit: write,
    maxBatch: 1_000,
    rest,
  })

  function release(sagaId: string): void {
    const ripe = waiting.get(sagaId)
    if (!ripe) return
    waiting.delete(sagaId)
    ripe.cancel()
    committer.add(ripe)
  }

  async function write(batch: readonly Unwritten[]): Promise<void> {
    const newest = new Map<string, Head>()
    const begun = new Set<string>()
    for (const { head, first } of batch) {
      if (head.seq >= (newest.get(head._id)?.seq ?? 0)) newest.set(head._id, head)
      if (first) begun.add(head._id)
    }
    await store.writeHeads([...newest.values()], begun)
    for (const { _id, seq } of newest.values()) onCovered(_id, seq)
  }

  return {
    add(head) {
      const now = clock.now()
      const before = waiting.get(head._id)
      before?.cancel()
      const until =
        finishedAt(head) !== null || !mayWait()
          ? now
          : Math.min(before?.until ?? now + longestWait, head.dueAt ?? Number.POSITIVE_INFINITY)
      waiting.set(head._id, {
        head: before && before.head.seq > head.seq ? before.head : head,
        first: head.seq === 1 || (before?.first ?? false),
        until,
        cancel: until > now ? clock.schedule(until - now, () => release(head._id)) : () => {},
      })
      if (until <= now) release(head._id)
    },
    idle() {
      for (const sagaId of [...waiting.keys()]) release(sagaId)
      return committer.idle()
    },
    stop() {
      for (const { cancel } of waiting.values()) cancel()
      waiting.clear()
      committer.stop()
    },
  }
}
