import type { Head, JournalRow } from '../journal.ts'

/** What is left of a saga that was put away. `rows` in `seq` order, as many as the journal had. */
export type ArchivedSaga = { readonly head: Head; readonly rows: readonly JournalRow[] }

/** `finishedAt`: when it was last spoken of, at least when its last row was written. */
export type FinishedHead = { readonly head: Head; readonly finishedAt: number }

/** Names a head as it was seen. */
export type SeenHead = Pick<Head, '_id' | 'seq'>

/**
 * The part of the store port that takes finished sagas out of the way. As everywhere in it, a call rejects with a `RetryableError` when
 * its outcome is unknown, and may be repeated at any time. `archive.conformance.ts` holds each promise.
 */
export type Archive = {
  /**
   * Heads of these partitions that owe nothing (`finishedAt`) and were last spoken of before `before`; the oldest first, by time and
   * then `_id`, after the given one. `among` narrows it to these sagas.
   */
  finished(query: {
    readonly partitions: readonly number[]
    readonly before: number
    readonly limit: number
    readonly after?: FinishedHead
    readonly among?: readonly string[]
  }): Promise<readonly FinishedHead[]>
  /** Those of these sagas that owe nothing count as spoken of at `at`, unless they were later. */
  spokenOf(sagaIds: readonly string[], at: number): Promise<void>
  /** Keeps them until `expireAt` at least. What is kept of a saga already is added to. Returns the ids that are kept: of one that is too large, nothing is. */
  put(
    sagas: readonly ArchivedSaga[],
    times: { readonly archivedAt: number; readonly expireAt: number },
  ): Promise<ReadonlySet<string>>
  /** What is kept of these sagas; missing ones are absent. Order is not promised. */
  read(sagaIds: readonly string[]): Promise<readonly ArchivedSaga[]>
  /** Removes the journal's rows up to each `seq`. */
  removeRows(heads: readonly SeenHead[]): Promise<void>
  /** Removes heads that still have this `seq`. Only when their rows are gone: rows without a head would be published again. */
  removeHeads(heads: readonly SeenHead[]): Promise<void>
  /** Removes at most `limit` archived sagas whose time is over; returns how many. A server may do the same by itself. */
  expire(now: number, limit: number): Promise<number>
}

/** Since when a saga's part owes nothing: it has ended, or was never begun, and nothing waits in it. `null` while it does. */
export function finishedAt({ state, timers, effects, deferred, held = [], at }: Head): number | null {
  if (timers.length > 0 || effects.length > 0 || held.length > 0) return null
  const over = state === null ? deferred.length === 0 : state.status !== 'active'
  return over ? at : null
}
