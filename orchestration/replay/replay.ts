import { causeInWords } from '../cause-in-words.ts'
import { type Difference, differences } from '../differences.ts'
import type { Head, JournalRow } from '../journal.ts'
import type { Participant } from '../participant.ts'
import { fold } from '../step/head.ts'
import { adopted } from '../step/versions.ts'
import { decideAgain } from './decide-again.ts'
import { type Heard, heardIn } from './incoming.ts'
import { telling, tellingInBoth } from './telling.ts'

/** Where a row is not what the machines of today make of its cause. */
export type Divergence = Difference & {
  readonly participant: string
  readonly sagaId: string
  readonly seq: number
  /** The version that wrote the row. */
  readonly version: string
  /** The row after which the saga was migrated; absent when the row's own version decided. */
  readonly migratedAfter?: number
  /** State value before it; `null` when it was not started. */
  readonly before: unknown
  /** What had to be taken in, in a few words. */
  readonly on: string
}

export type Replayed = {
  /** Rows that were decided again at least once. */
  readonly judged: number
  /** Of each other row, why it could not be. */
  readonly unjudged: readonly string[]
  readonly divergences: readonly Divergence[]
}

/**
 * Decides every row of one saga's part again, as the participant of today does: on the machine of the row's version when it has that, or,
 * when it migrates that version, on the newest one, from each of its rows on, as if that had been deployed at this moment. Whatever
 * comes out otherwise is a divergence: a saga under way would leave its path there. Pure; no effect runs.
 *
 * `rows` by `seq`, from the first on. `heard` knows what events said: an event's words rest in the journal of whoever said it, so give
 * `heardIn` the rows of all participants.
 */
export function replay(
  part: Participant,
  rows: readonly JournalRow[],
  heard: Heard = heardIn(rows),
): Replayed {
  const walk: Walk = { part, heard, judged: new Set(), unjudged: new Map(), divergences: [] }
  let head: Head | null = null
  for (const [i, row] of rows.entries()) {
    if (migrates(part, row.version)) walk.unjudged.set(row.seq, `version "${row.version}" is only migrated`)
    else judge(walk, head, row)
    head = fold(head, row)
    if (head.state && migrates(part, head.version)) migrateAndGoOn(walk, head, row, rows.slice(i + 1))
  }
  return {
    judged: walk.judged.size,
    unjudged: [...walk.unjudged].flatMap(([seq, why]) => (walk.judged.has(seq) ? [] : [why])),
    divergences: firstOfEach(walk.divergences),
  }
}

type Walk = {
  readonly part: Participant
  readonly heard: Heard
  readonly judged: Set<number>
  readonly unjudged: Map<number, string>
  readonly divergences: Divergence[]
}

/** Sagas of this version go on with the newest machine. */
function migrates({ version, migrate }: Participant, recorded: string): boolean {
  return recorded !== version && recorded in migrate
}

/** From the head as it was recorded, so that one divergence does not hide the next. */
function judge({ part, heard, judged, unjudged, divergences }: Walk, head: Head | null, row: JournalRow) {
  const found = decideAgain(part, head, row, heard)
  if (typeof found === 'string') {
    unjudged.set(row.seq, found)
    return
  }
  judged.add(row.seq)
  const different = 'path' in found ? [found] : differences(telling(row), telling(found))
  divergences.push(...different.map((one) => divergence(part, head, row, one)))
}

/** The saga is loaded after `row` by a process that has the newest version alone: what it does with the rest of its life. */
function migrateAndGoOn(walk: Walk, recorded: Head, row: JournalRow, rest: readonly JournalRow[]): void {
  const { part, heard, judged, unjudged, divergences } = walk
  const { version, seq: migratedAfter } = recorded
  let head: Head
  try {
    head = adopted(part, recorded)
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error)
    const wrong = { path: 'migration', expected: `a state of version "${part.version}"`, found }
    divergences.push(divergence(part, recorded, row, wrong))
    return
  }
  for (const next of rest) {
    if (next.version !== version) return
    const found = decideAgain(part, head, next, heard)
    if (typeof found === 'string') {
      unjudged.set(next.seq, found)
      return
    }
    judged.add(next.seq)
    const different = 'path' in found ? [found] : differences(...tellingInBoth(part, next, found))
    if (different.length > 0) {
      divergences.push(...different.map((one) => ({ ...divergence(part, head, next, one), migratedAfter })))
      return
    }
    head = fold(head, 'path' in found ? next : found)
  }
}

function divergence(
  { name: participant }: Participant,
  head: Head | null,
  { sagaId, seq, version, cause }: JournalRow,
  difference: Difference,
): Divergence {
  const before = head?.state?.value ?? null
  return { participant, sagaId, seq, version, before, on: causeInWords(cause), ...difference }
}

/** A migration after row 2 and one after row 3 meet the same divergence in row 4. */
function firstOfEach(divergences: readonly Divergence[]): Divergence[] {
  const byPlace = Map.groupBy(divergences, ({ seq, path }) => `${seq} ${path}`)
  return [...byPlace.values()].flatMap(([first]) => (first ? [first] : []))
}
