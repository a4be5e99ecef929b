import type { Producer as KafkaJsProducer, ProducerBatch } from 'kafkajs'
import type { OutgoingMessage, Producer } from '../broker.ts'
import { exclusiveProducer } from '../exclusive-producer.ts'
import { partitionOf } from '../partitioner.ts'
import { kafkaClient, RETRY } from './client.ts'
import type { KafkaConfig } from './config.ts'
import { portError } from './errors.ts'
import kafkajs from './kafkajs.ts'
import type { KafkaSettings } from './settings.ts'

/** Under the broker's limit for one partition's share of a request (`max.message.bytes`, 1 MiB by default), whatever the keys. */
const MAX_REQUEST_BYTES = 900_000
/**
 * Each partition's share is compressed by itself, at 0.1 ms and more to write and half of that to read. Spread over a dozen
 * partitions, a smaller request saves less than it costs.
 */
const MIN_COMPRESSED_BYTES = 256 * 1024
/** What a record costs beside its key, value and headers, generously. */
const RECORD_OVERHEAD = 70
/** Few: the caller repeats a failed batch anyway, and has more to say about how long. */
const PRODUCER_RETRY = { ...RETRY, retries: 4 }
/** What these retries wait in between, together. */
const WAITS_MS = 1_500

/**
 * An idempotent producer with one request in flight. Whatever fails, the next `send` starts with a new producer: after an unknown
 * outcome the old one's sequence numbers could make the broker take a different batch for a repetition, and after
 * OUT_OF_ORDER_SEQUENCE_NUMBER, UNKNOWN_PRODUCER_ID or a fenced epoch it is of no use at all.
 */
export async function kafkaProducer(config: KafkaConfig, settings: KafkaSettings): Promise<Producer> {
  let current: Session | undefined = await connect(config, settings)

  async function send(messages: readonly OutgoingMessage[]): Promise<void> {
    current ??= await connect(config, settings)
    const { producer, abandon } = current
    let sending: Promise<unknown> = Promise.resolve()
    try {
      for (const request of requests(messages)) {
        sending = producer.sendBatch({ ...request, acks: -1, timeout: settings.requestTimeoutMs })
        await inTime(sending, settings)
      }
    } catch (error) {
      current = undefined
      abandon(sending)
      throw portError(`Sending ${messages.length} messages to ${topicsOf(messages)} failed`, error)
    }
  }

  return exclusiveProducer(send, async () => {
    await current?.producer.disconnect()
  })
}

type Session = {
  readonly producer: KafkaJsProducer
  /** Ends it, whatever it has under way. */
  abandon(underWay: Promise<unknown>): void
}

async function connect(config: KafkaConfig, settings: KafkaSettings): Promise<Session> {
  let abandoned = false
  const producer = kafkaClient(config, settings, PRODUCER_RETRY).producer({
    idempotent: true,
    maxInFlightRequests: 1,
    retry: PRODUCER_RETRY,
    allowAutoTopicCreation: false,
    createPartitioner:
      () =>
      ({ message, partitionMetadata }) => {
        // Asked in every attempt: there is no other way to make kafkajs give up.
        if (abandoned) throw new Error('the producer was given up')
        return partitionOf(String(message.key), partitionMetadata.length)
      },
  })

  function abandon(underWay: Promise<unknown>): void {
    abandoned = true
    const disconnect = () => producer.disconnect().catch(() => {})
    void disconnect()
    // kafkajs may have connected once more before its last attempt.
    underWay.then(disconnect, disconnect)
  }

  const connecting = producer.connect()
  try {
    await inTime(connecting, settings)
    return { producer, abandon }
  } catch (error) {
    abandon(connecting)
    throw portError(`Connecting a producer to ${config.brokers.join(', ')} failed`, error)
  }
}

/**
 * kafkajs repeats a request that timed out on the connection that did not answer, and a connection can be dead without knowing it.
 * After about one repetition a new producer is to try a new connection. Quick failures are repeated as often as `PRODUCER_RETRY` says.
 */
async function inTime(work: Promise<unknown>, { requestTimeoutMs }: KafkaSettings): Promise<void> {
  const limit = 2 * requestTimeoutMs + WAITS_MS
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limit} ms`)), limit)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Cuts a batch, in order, into requests that a broker accepts. They are sent one after the other. */
function requests(messages: readonly OutgoingMessage[]): readonly ProducerBatch[] {
  const cut: ProducerBatch[] = []
  let begin = 0
  let bytes = 0
  for (const [at, message] of messages.entries()) {
    const size = sizeOf(message)
    if (bytes + size > MAX_REQUEST_BYTES && at > begin) {
      cut.push(request(messages.slice(begin, at), bytes))
      begin = at
      bytes = 0
    }
    bytes += size
  }
  cut.push(request(messages.slice(begin), bytes))
  return cut
}

function request(messages: readonly OutgoingMessage[], bytes: number): ProducerBatch {
  const byTopic = Map.groupBy(messages, ({ topic }) => topic)
  return {
    compression: kafkajs.CompressionTypes[bytes < MIN_COMPRESSED_BYTES ? 'None' : 'ZSTD'],
    topicMessages: [...byTopic].map(([topic, inTopic]) => ({
      topic,
      messages: inTopic.map(({ key, value, headers }) => ({ key, value, headers })),
    })),
  }
}

function sizeOf({ key, value, headers }: OutgoingMessage): number {
  let bytes = RECORD_OVERHEAD + key.length + (value?.length ?? 0)
  for (const [name, text] of Object.entries(headers)) bytes += name.length + text.length
  return bytes
}

function topicsOf(messages: readonly OutgoingMessage[]): string {
  return [...new Set(messages.map(({ topic }) => topic))].join(', ')
}
