import type { MarkStore } from './crash-loop/mark.ts'
import type { Archive } from './housekeeping/archive.ts'
import type { Head, JournalRow } from './journal.ts'

/** `duplicate`: another row has this id. It may be one's own earlier insert whose answer was lost; `attempt` in the stored row tells. */
export type InsertResult = 'inserted' | 'duplicate'

/** A head that has something due, as the sweep sees it. */
export type DueHead = {
  readonly _id: string
  readonly seq: number
  readonly partition: number
  readonly dueAt: number
}

export type HeadQuery = {
  /** Newest first, by `startedAt` and `_id`. */
  readonly after?: { readonly startedAt: number; readonly id: string }
  readonly limit: number
  /** Top-level state value, e.g. `delivered`. */
  readonly state?: string
}

/**
 * The store port: the only things Chorus asks of a database. An insert under a unique `_id` must be atomic; nothing else.
 * Two stores implement it, MongoDB and memory, and both pass `orchestration/store.conformance.ts`. Every method rejects
 * with a `RetryableError` when the outcome is unknown or the store cannot be reached; repeating the same call is always safe.
 */
export type Store = {
  /** One row per saga at most. One result per row, in order. Acknowledged rows survive what the server's durability setting promises. */
  insertRows(rows: readonly JournalRow[]): Promise<readonly InsertResult[]>
  /** The rows with these ids; missing ones are absent. Order is not promised. */
  readRows(ids: readonly string[]): Promise<readonly JournalRow[]>
  /** The heads with these saga ids; missing ones are absent. Order is not promised. */
  readHeads(sagaIds: readonly string[]): Promise<readonly Head[]>
  /**
   * One head per saga at most. When it resolves, every stored head has a `seq` ≥ the given one; a head never goes back. `begun`: sagas
   * that will hardly have a head yet, which may be cheaper to write; it need not be true.
   */
  writeHeads(heads: readonly Head[], begun?: ReadonlySet<string>): Promise<void>
  /** Heads of these partitions with `dueAt` ≤ `now`, by `dueAt` then `_id`, after the given one. */
  dueHeads(query: {
    partitions: readonly number[]
    now: number
    limit: number
    after?: DueHead
  }): Promise<readonly DueHead[]>
  listHeads(query: HeadQuery): Promise<readonly Head[]>
  /** How many heads are in this top-level state, counted up to `limit`. */
  countHeads(query: { state: string; limit: number }): Promise<number>
  /** All rows of a saga in `seq` order. */
  history(sagaId: string): Promise<readonly JournalRow[]>
  /** What the next owner of a partition must know when this one dies. */
  readonly marks: MarkStore
  readonly archive: Archive
  close(): Promise<void>
}
