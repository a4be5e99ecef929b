import { deadLetterTopic } from '#messaging'
import { controlTopic } from '#orchestration'
import type { Check, Evidence, Name, SeenRecord, Violation } from './evidence.ts'
import { names, parts } from './parts.ts'
import { viewOf } from './view.ts'

const invariant = 'I9'

/** Nothing is left to read, and no offset was committed beyond what is handled. */
export const offsets: Check = (evidence) => [
  ...lag(evidence),
  ...names.flatMap((name) => committedTooEarly(name, evidence)),
]

function lag({ groups, stories }: Evidence): Violation[] {
  const reading = Object.entries(groups).filter(([group]) => group !== 'tracker' || stories)
  return reading.flatMap(([group, partitions]) =>
    partitions
      .filter((partition) => partition.lag > 0)
      .map(({ topic, partition, lag }) => ({
        invariant,
        says: `the group ${group} has a lag of ${lag} in ${topic}/${partition}`,
      })),
  )
}

function committedTooEarly(name: Name, evidence: Evidence): Violation[] {
  const committed = new Map(
    (evidence.groups[name] ?? []).map((at) => [`${at.topic}/${at.partition}`, at.committed ?? 0]),
  )
  const handled = handledBy(name, evidence)
  const { partOf } = viewOf(evidence)
  return (
    evidence.records
      .filter(({ topic, partition, offset }) => offset < (committed.get(`${topic}/${partition}`) ?? 0))
      .filter((record) => concerns(name, record) && !handled.has(record.marks?.control_id ?? record.id))
      // Nobody is told what to do with a saga that is not there.
      .filter(({ marks, key }) => !marks || partOf(name, key ?? ''))
      .map(({ topic, partition, offset, key, type }) => ({
        invariant,
        ...(key !== null && { sagaId: key }),
        says: `${name} has committed beyond ${type} at ${topic}/${partition}/${offset}, which it has not handled`,
      }))
  )
}

/** What it takes in, as far as it can be read: the rest is a matter of the dead letters. */
function concerns(name: Name, { topic, type, unreadable, marks }: SeenRecord): boolean {
  if (marks) return marks.control_id !== undefined && topic === controlTopic(name)
  return unreadable === undefined && parts[name].listensTo.has(type)
}

/** A row of its own, or a dead letter. */
function handledBy(name: Name, evidence: Evidence): ReadonlySet<string> {
  const rows = viewOf(evidence).parts.filter((part) => part.name === name)
  const letters = evidence.records.filter(({ topic }) => topic === deadLetterTopic(name))
  return new Set([
    ...rows.flatMap((part) => part.rows.map(({ cause }) => cause.id)),
    ...letters.map(({ id }) => id),
  ])
}
