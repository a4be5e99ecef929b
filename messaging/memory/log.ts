import type { BrokerRecord, OutgoingMessage, TopicSpec } from '../broker.ts'
import { RetryableError, TerminalError } from '../errors.ts'
import { partitionOf } from '../partitioner.ts'
import { longestStay } from '../retention.ts'

/** Kafka's own default of `max.message.bytes`. */
const MAX_MESSAGE_BYTES = 1_048_588

type Topic = {
  readonly maxBytes: number
  readonly longestStay: number
  readonly partitions: BrokerRecord[][]
}

/** All topics of a memory broker: an array of records per partition, whose index is the offset. */
export type MemoryLog = {
  create(spec: TopicSpec): void
  partitions(topic: string): number | undefined
  /** What the settings promise; this log itself deletes nothing. */
  longestStay(topic: string): number | undefined
  /** Stores all of the messages or, when one is refused, none. */
  append(messages: readonly OutgoingMessage[]): void
  read(topic: string, partition: number, from: bigint, limit: number): readonly BrokerRecord[]
  end(topic: string, partition: number): bigint
}

/** `now` stamps the records, in epoch milliseconds. */
export function memoryLog(now: () => number): MemoryLog {
  const topics = new Map<string, Topic>()

  function recordsOf(topic: string, partition: number): readonly BrokerRecord[] {
    return topics.get(topic)?.partitions[partition] ?? []
  }

  return {
    create({ name, partitions, settings = {} }) {
      topics.set(name, {
        maxBytes: Number(settings['max.message.bytes'] ?? MAX_MESSAGE_BYTES),
        longestStay: longestStay(settings),
        partitions: Array.from({ length: partitions }, () => []),
      })
    },
    partitions: (topic) => topics.get(topic)?.partitions.length,
    longestStay: (topic) => topics.get(topic)?.longestStay,
    append(messages) {
      const timestamp = now()
      const placed = messages.map((message) => ({ message, ...place(topics, message) }))
      for (const { message, partition, records } of placed) {
        records.push({
          ...message,
          partition,
          offset: BigInt(records.length),
          timestamp,
        })
      }
    },
    read(topic, partition, from, limit) {
      return recordsOf(topic, partition).slice(Number(from), Number(from) + limit)
    },
    end: (topic, partition) => BigInt(recordsOf(topic, partition).length),
  }
}

function place(topics: ReadonlyMap<string, Topic>, message: OutgoingMessage) {
  const topic = topics.get(message.topic)
  if (!topic) {
    throw new RetryableError(`Topic ${message.topic} does not exist (yet): nothing was stored.`, {
      code: 'CHORUS_TOPIC_MISSING',
    })
  }
  const bytes = Buffer.byteLength(message.key) + (message.value?.length ?? 0)
  if (bytes > topic.maxBytes) {
    throw new TerminalError(
      `A message of ${bytes} bytes for ${message.topic} is larger than the topic allows (${topic.maxBytes}).`,
      { code: 'CHORUS_MESSAGE_TOO_LARGE' },
    )
  }
  const partition = partitionOf(message.key, topic.partitions.length)
  return { partition, records: topic.partitions[partition] as BrokerRecord[] }
}
