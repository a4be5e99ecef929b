import { deadLetterTopic } from '#messaging'
import type { JournalRow } from '#orchestration'
import type { Check, Evidence, Name, SeenRecord, Violation } from './evidence.ts'
import { names, parts } from './parts.ts'
import { viewOf } from './view.ts'

const invariant = 'I8'

/** What could not be handled is in the dead letters of whoever should have, once, with the reason; and nothing else is. */
export const deadLetters: Check = (evidence) => names.flatMap((name) => faultsOf(name, evidence))

function faultsOf(name: Name, evidence: Evidence): Violation[] {
  const inTopic = evidence.records.filter(({ topic }) => topic === deadLetterTopic(name))
  const letters = inTopic.filter(({ marks }) => marks?.dlt_resolution === undefined)
  const resolved = new Set(
    inTopic.flatMap(({ marks }) => (marks?.dlt_resolution ? [marks.dlt_id ?? ''] : [])),
  )
  const written = new Set(letters.flatMap((letter) => [letter.id, placeIn(letter)]))
  const handled = new Set(
    viewOf(evidence)
      .parts.filter((part) => part.name === name)
      .flatMap(({ rows }) => rows.filter(isHandled).map(({ cause }) => cause.id)),
  )
  const wrong = (says: string, { key }: Pick<SeenRecord, 'key'>): Violation => ({
    invariant,
    ...(key && { sagaId: key }),
    says: `${name}: ${says}`,
  })
  return [
    ...owed(name, evidence)
      .filter(({ ids }) => !ids.some((id) => written.has(id)))
      .map(({ key, what }) => wrong(`${what} is not in the dead letters`, { key })),
    ...letters
      .filter(({ marks }) => !marks?.dlt_reason || !marks.dlt_code)
      .map((letter) => wrong(`the dead letter of ${placeIn(letter)} does not say why`, letter)),
    ...letters
      .filter(({ id, marks }) => handled.has(id) && !resolved.has(marks?.dlt_id ?? ''))
      .map((letter) => wrong(`${letter.type} ${letter.id} is in the dead letters and was handled`, letter)),
    ...twice(letters).map((letter) => wrong(`${letter.id} is in the dead letters twice`, letter)),
  ]
}

type Owed = { readonly ids: readonly string[]; readonly key: string | null; readonly what: string }

/** Records that nobody can read, and what rows have given up. */
function owed(name: Name, evidence: Evidence): Owed[] {
  const { topics, listensTo } = parts[name]
  const unreadable = evidence.records
    .filter(({ topic, type }) => topics.includes(topic) && (type === '' || listensTo.has(type)))
    .filter((record) => record.unreadable !== undefined)
    .map(({ topic, partition, offset, id, key, unreadable }) => {
      const place = `${topic}/${partition}/${offset}`
      return { ids: id ? [id, place] : [place], key, what: `the record at ${place} (${unreadable})` }
    })
  const givenUp = viewOf(evidence)
    .parts.filter((part) => part.name === name)
    .flatMap(({ sagaId, rows }) =>
      rows.flatMap((row) =>
        (row.letters ?? []).map(({ id }) => ({
          ids: [id],
          key: sagaId,
          what: `what row ${row.seq} gave up (${id})`,
        })),
      ),
    )
  return [...unreadable, ...givenUp]
}

function isHandled({ cause, outcome }: JournalRow): boolean {
  return cause.kind === 'event' && outcome !== 'deferred' && outcome !== 'held'
}

function placeIn({ marks }: SeenRecord): string {
  return `${marks?.dlt_topic}/${marks?.dlt_partition}/${marks?.dlt_offset}`
}

/**
 * The same letter may be written again, when its writer died; an event of which two letters tell was given up twice. Nobody
 * remembers what has no saga.
 */
function twice(letters: readonly SeenRecord[]): SeenRecord[] {
  const first = new Map<string, string>()
  return letters.filter((letter) => {
    if (letter.id === '' || !letter.key) return false
    const known = first.get(letter.id) ?? placeIn(letter)
    first.set(letter.id, known)
    return known !== placeIn(letter)
  })
}
