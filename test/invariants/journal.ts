import type { JournalRow } from '#orchestration'
import type { Check, Violation } from './evidence.ts'
import { repeated } from './repeated.ts'
import { type StoredPart, viewOf } from './view.ts'

/** Rows count from 1 without a gap, and no cause is taken in twice. */
export const journal: Check = (evidence) => viewOf(evidence).parts.flatMap(faultsOf)

function faultsOf({ name, sagaId, rows, head }: StoredPart): Violation[] {
  const wrong = (says: string): Violation => ({ invariant: 'I5', sagaId, says: `${name} ${says}` })
  const gap = rows.findIndex((row, i) => row.seq !== i + 1 || row._id !== `${sagaId}:${row.seq}`)
  const taken = rows.flatMap((row) => row.consumed.filter((id) => id !== row.deferred?.id))
  return [
    ...(gap === -1 ? [] : [wrong(`has no row ${gap + 1}, but a row ${rows[gap]?.seq}`)]),
    ...(head && head.seq > rows.length
      ? [wrong(`has a head at row ${head.seq}, but only ${rows.length} rows`)]
      : []),
    ...repeated(rows.filter(hasOwnCause), causeOf).map((row) =>
      wrong(`has another row, ${row.seq}, for the ${causeOf(row)}`),
    ),
    ...repeated(taken, (id) => id).map((id) => wrong(`took in the event ${id} twice`)),
  ]
}

/** An effect fails as often as it likes: its rows share the effect's key. */
function hasOwnCause({ cause }: JournalRow): boolean {
  return cause.kind !== 'retry'
}

function causeOf({ cause }: JournalRow): string {
  return `${cause.kind} ${cause.id}`
}
