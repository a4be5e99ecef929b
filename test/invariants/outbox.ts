import { contracts } from '#contracts'
import { stepsTopic } from '#orchestration'
import type { Check, SeenRecord, Violation } from './evidence.ts'
import { names } from './parts.ts'
import { type StoredPart, type View, viewOf } from './view.ts'

const invariant = 'I3'

/** What the journals say was said is in Kafka, in their order, and nothing else is. */
export const outbox: Check = (evidence) => {
  const view = viewOf(evidence)
  return [...view.parts.flatMap((part) => unsaid(part, view)), ...unfounded(evidence.records, view)]
}

type Saying = { readonly id: string; readonly topic: string; readonly what: string }

/** What a row publishes, in its order. */
function sayingsOf({ name, rows }: StoredPart): Saying[] {
  return rows.flatMap((row) => [
    ...row.emitted.map(({ id, type }) => ({
      id,
      topic: contracts.events[type as keyof typeof contracts.events]?.topic ?? 'no topic',
      what: `${type} of its row ${row.seq}`,
    })),
    { id: `${name}/${row._id}`, topic: stepsTopic, what: `the record of its step ${row.seq}` },
  ])
}

function unsaid(part: StoredPart, { said }: View): Violation[] {
  const { name, sagaId } = part
  const found: Violation[] = []
  const last = new Map<string, number>()
  for (const { id, topic, what } of sayingsOf(part)) {
    const place = said.get(id)?.find((record) => record.topic === topic)
    if (!place) found.push({ invariant, sagaId, says: `${name} never said ${what} in ${topic}` })
    else if (place.key !== sagaId)
      found.push({ invariant, sagaId, says: `${name} said ${what} under the key ${place.key}` })
    else if (place.offset < (last.get(topic) ?? -1))
      found.push({ invariant, sagaId, says: `${name} said ${what} before what stands before it` })
    last.set(topic, place?.offset ?? -1)
  }
  return found
}

/** What a participant says has a row, under this id and of this type. */
function unfounded(records: readonly SeenRecord[], { parts }: View): Violation[] {
  const founded = new Set(
    parts.flatMap(({ name, rows }) =>
      rows.flatMap((row) => [
        ...row.emitted.map(({ id, type }) => `${type} ${id}`),
        `SagaStep ${name}/${row._id}`,
      ]),
    ),
  )
  return records
    .filter(({ source, marks }) => names.some((name) => name === source) && !marks)
    .filter(({ id, type }) => !founded.has(`${type} ${id}`))
    .map(({ topic, partition, offset, key, source, type }) => ({
      invariant,
      ...(key !== null && { sagaId: key }),
      says: `${type} at ${topic}/${partition}/${offset} says that it comes from ${source}, which has no row of it`,
    }))
}
