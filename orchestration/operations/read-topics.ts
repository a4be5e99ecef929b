import { randomUUID } from 'node:crypto'
import { type Broker, type BrokerRecord, RetryableError, type TopicPartition } from '#messaging'
import type { Clock } from '../clock.ts'

/** What a partition held a moment ago: from `low` up to, not including, `end`. */
export type Span = TopicPartition & { readonly low: bigint; readonly end: bigint }

export type Reading = {
  readonly broker: Broker
  readonly clock: Clock
  readonly spans: readonly Span[]
  readonly onRecord: (record: BrokerRecord) => void
}

/** Longest time without a record while some are known to be there, in ms. */
const silence = 20_000

/** Where the partitions of these topics begin and end; a topic that does not exist has none. */
export async function spansOf(broker: Broker, topics: readonly string[]): Promise<readonly Span[]> {
  const admin = await broker.admin()
  try {
    const existing = [...(await admin.partitions(topics)).keys()]
    if (existing.length === 0) return []
    // Nobody commits under this name, so the lag is all that is there.
    const { partitions } = await admin.lag(`chorus-operator-${randomUUID()}`, existing)
    return partitions.map(({ topic, partition, end, lag }) => ({ topic, partition, low: end - lag, end }))
  } finally {
    await admin.close()
  }
}

/** Hands over what these spans hold, each in its order. Rejects with a `RetryableError` when the broker falls silent before their end. */
export async function readSpans({ broker, clock, spans, onRecord }: Reading): Promise<void> {
  const awaited = new Map(spans.filter(({ low, end }) => low < end).map((span) => [name(span), span]))
  if (awaited.size === 0) return
  const finished = Promise.withResolvers<void>()
  finished.promise.catch(() => {})

  function take(record: BrokerRecord): void {
    const span = awaited.get(name(record))
    if (!span) return
    watch()
    if (record.offset >= span.low && record.offset < span.end) onRecord(record)
    if (record.offset + 1n >= span.end) awaited.delete(name(record))
    if (awaited.size === 0) finished.resolve()
  }

  let cancel = () => {}
  function watch(): void {
    cancel()
    cancel = clock.schedule(silence, () =>
      finished.reject(
        new RetryableError(`The broker does not hand over all of ${[...awaited.keys()].join(', ')}.`),
      ),
    )
  }

  const consumer = await broker.consume({
    groupId: 'chorus-operator',
    topics: [...new Set([...awaited.values()].map(({ topic }) => topic))],
    assignment: 'standalone',
    handler: { onRecords: (records) => records.forEach(take), onFatal: finished.reject },
  })
  watch()
  try {
    await finished.promise
  } finally {
    cancel()
    await consumer.close()
  }
}

const name = ({ topic, partition }: TopicPartition) => `${topic}/${partition}`
