import { type BrokerRecord, letterRecord, type TopicPartition } from '#messaging'
import type { OperatorContext } from '../context.ts'
import { readSpans, type Span, spansOf } from '../read-topics.ts'
import type { Letter } from './letters.ts'

/** The value was too large for the dead letters: it lies only where it came from. */
export const isTooLarge = ({ record, bytes }: Letter): boolean => record.value === null && bytes > 0

/** The values of these letters from where they came, by letter id. One that its topic no longer holds is absent. */
export async function readOriginals(
  { infrastructure: { broker }, clock }: OperatorContext,
  letters: readonly Letter[],
): Promise<ReadonlyMap<string, Buffer>> {
  if (letters.length === 0) return new Map()
  const places = letters.map(({ record }) => letterRecord(record))
  const wanted = new Map(places.map((place, i) => [placeOf(place), letters[i]?.id ?? '']))
  const values = new Map<string, Buffer>()
  function onRecord(record: BrokerRecord): void {
    const id = wanted.get(placeOf(record))
    if (id !== undefined && record.value) values.set(id, record.value)
  }
  const spans = await spansOf(broker, [...new Set(places.map(({ topic }) => topic))])
  await readSpans({ broker, clock, spans: spans.map((span) => upToLast(places, span)), onRecord })
  return values
}

/** The port reads from the beginning; what comes after the last wanted record is left out at least. */
function upToLast(places: readonly BrokerRecord[], span: Span): Span {
  const ends = places.filter((place) => isIn(place, span)).map(({ offset }) => offset + 1n)
  return { ...span, end: ends.sort((a, b) => Number(a - b)).at(-1) ?? span.low }
}

function isIn({ offset, ...place }: BrokerRecord, span: Span): boolean {
  return isSame(place, span) && offset >= span.low && offset < span.end
}

const isSame = (a: TopicPartition, b: TopicPartition) => a.topic === b.topic && a.partition === b.partition
const placeOf = ({ topic, partition, offset }: BrokerRecord): string => `${topic}/${partition}/${offset}`
