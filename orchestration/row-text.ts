import type { JournalRow } from './journal.ts'

const texts = new WeakMap<JournalRow, string>()

/** A row as JSON. A row never changes, and is told twice: in the journal and in `saga.steps`. */
export function rowText(row: JournalRow): string {
  const known = texts.get(row)
  if (known !== undefined) return known
  const text = JSON.stringify(row)
  texts.set(row, text)
  return text
}
