import type { IndexDescription } from 'mongodb'
import { finishedAt } from '../housekeeping/archive.ts'
import type { Head, JournalRow } from '../journal.ts'
import { topLevelStates } from '../machine/state-value.ts'
import { rowText } from '../row-text.ts'

/**
 * Rows and heads rest as JSON text beside the few fields that the server itself looks at. A machine's context may then have keys
 * that BSON or MongoDB treat specially (`$ref`, `_bsontype`, dots), and writing and reading cost half as much.
 */
export type RowDocument = {
  readonly _id: string
  readonly sagaId: string
  readonly seq: number
  readonly at: Date
  readonly row: string
}

export type HeadDocument = {
  readonly _id: string
  readonly seq: number
  readonly partition: number
  /** Absent when nothing is owed. */
  readonly dueAt?: number
  /** When it was last spoken of; absent while it owes something. */
  readonly finishedAt?: number
  readonly states: readonly string[]
  readonly startedAt: number
  readonly head: string
}

/** Sparse: a head that owes nothing costs the due list nothing, and a sweep that finds nothing reads nothing. */
export const headIndexes: IndexDescription[] = [
  { key: { dueAt: 1 }, sparse: true },
  { key: { finishedAt: 1 }, sparse: true },
  { key: { startedAt: -1, _id: -1 } },
  { key: { states: 1, startedAt: -1, _id: -1 } },
]

export function rowDocument(row: JournalRow): RowDocument {
  const { _id, sagaId, seq, at } = row
  return { _id, sagaId, seq, at: new Date(at), row: rowText(row) }
}

export function rowOf(document: Pick<RowDocument, 'row'>): JournalRow {
  return JSON.parse(document.row)
}

export function headDocument(head: Head): HeadDocument {
  const { _id, seq, partition, dueAt, startedAt } = head
  const finished = finishedAt(head)
  return {
    _id,
    seq,
    partition,
    ...(dueAt !== null && { dueAt }),
    ...(finished !== null && { finishedAt: finished }),
    states: topLevelStates(head.state?.value),
    startedAt,
    head: JSON.stringify(head),
  }
}

export function headOf(document: Pick<HeadDocument, 'head'>): Head {
  return JSON.parse(document.head)
}
