import { randomUUID } from 'node:crypto'
import type { Consumer as KafkaJsConsumer } from 'kafkajs'
import type { Consumer, ConsumerOptions, Position } from '../broker.ts'
import { RetryableError, TerminalError } from '../errors.ts'
import { commonPartitions, demandTopics } from '../topics.ts'
import { type KafkaAdmin, kafkaAdmin } from './admin.ts'
import { coPartitionedAssigner } from './assigner.ts'
import { kafkaClient, RETRY } from './client.ts'
import type { KafkaConfig } from './config.ts'
import { delivery } from './delivery.ts'
import { isOutage, isOwnershipLost, portError, unpackingFault } from './errors.ts'
import kafkajs from './kafkajs.ts'
import { type Ownership, ownership } from './ownership.ts'
import { startPositions, unreadRecords } from './positions.ts'
import type { KafkaSettings } from './settings.ts'
import { watchdog } from './watchdog.ts'

const FETCHING = {
  /** A killed member's partitions are given to others after this time. */
  sessionTimeout: 6_000,
  /** Also how soon a member learns of a rebalance. */
  heartbeatInterval: 1_000,
  rebalanceTimeout: 15_000,
  /** How long the broker holds an empty fetch: bounds how soon `resume` and `close` take effect. */
  maxWaitTimeInMs: 100,
  maxBytes: 4 * 1024 * 1024,
  /** Small, so that no partition fills a fetch and a `pause` is felt soon. */
  maxBytesPerPartition: 128 * 1024,
  allowAutoTopicCreation: false,
}

const JOIN_TIMEOUT_MS = 60_000

/** Resolves once the consumer owns its partitions and `onAssigned` was called. */
export async function kafkaConsumer(
  config: KafkaConfig,
  options: ConsumerOptions,
  settings: KafkaSettings,
): Promise<Consumer> {
  const admin = await kafkaAdmin(config, settings)
  try {
    const counts = await admin.partitions(options.topics)
    demandTopics(options.topics, counts)
    if (options.assignment === 'co-partitioned') commonPartitions(options.topics, counts)
    const partitions = [...counts.values()].reduce((sum, count) => sum + count, 0)
    return await join(config, options, settings, admin, partitions)
  } catch (error) {
    await admin.close()
    throw portError(`A consumer of ${options.topics.join(', ')} could not start`, error)
  }
}

async function join(
  config: KafkaConfig,
  options: ConsumerOptions,
  settings: KafkaSettings,
  admin: KafkaAdmin,
  partitions: number,
): Promise<Consumer> {
  const { topics, handler, startFrom = 'earliest', rest } = options
  const grouped = options.assignment === 'co-partitioned'
  const groupId = grouped ? options.groupId : `${options.groupId}-${randomUUID()}`
  const own = ownership()
  if (!grouped) {
    for (const at of await startPositions(admin, topics, startFrom)) own.advance(at, at.offset)
  }
  const joined = Promise.withResolvers<void>()
  joined.promise.catch(() => {})
  let live = false
  let closing: Promise<void> | undefined

  const consumer = kafkaClient(config, settings).consumer({
    ...FETCHING,
    groupId,
    partitionAssigners: [
      grouped ? coPartitionedAssigner(own.numbers) : kafkajs.PartitionAssigners.roundRobin,
    ],
    // kafkajs restarts a crashed consumer by itself, but must not restart one that is being closed.
    retry: { ...RETRY, restartOnFailure: async () => !closing },
  })
  const dog = watchdog(
    settings.watchEveryMs,
    () => unreadRecords(admin, own, groupId, startFrom),
    (sentence) => die(new RetryableError(sentence, { code: 'CHORUS_CONSUMER_STUCK' })),
  )
  const { eachBatch, pause, resume, stop } = delivery({
    consumer,
    own,
    handler,
    keepsPositions: !grouped,
    rest,
    onProgress: dog.progress,
    onThrow: die,
  })
  consumer.on(consumer.events.GROUP_JOIN, () => joined.resolve())
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    const fault = unpackingFault(payload.error)
    // kafkajs would fetch it again for ever, without a word.
    if (fault) die(unreadable(groupId, topics, fault))
    else if (payload.restart) return
    else if (isOutage(payload.error)) restart()
    else die(payload.error)
  })

  function run(): Promise<void> {
    return consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      // One worker per partition: no batch waits behind another one and outlives its generation.
      partitionsConsumedConcurrently: partitions,
      eachBatch,
    })
  }

  function restart(): void {
    setTimeout(() => closing ?? run().catch(die), RETRY.maxRetryTime)
  }

  function die(error: Error): void {
    if (closing) return
    void close()
    joined.reject(error)
    if (live) handler.onFatal?.(error)
  }

  function close(): Promise<void> {
    closing ??= leave()
    return closing
  }

  async function leave(): Promise<void> {
    dog.stop()
    stop()
    await consumer
      .disconnect()
      .catch((error) => settings.log.warn('kafka: leaving a group failed', { groupId, error }))
    await admin.close()
  }

  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [...topics], fromBeginning: startFrom === 'earliest' })
    await run()
    await inTime(joined, groupId)
    live = true
  } catch (error) {
    await close()
    throw error
  }

  return {
    commit: async (positions) => {
      if (grouped) await commit(consumer, own, positions)
    },
    pause,
    resume,
    stopFetching: async () => stop(),
    close,
  }
}

/** Only what is owned: the group would take a position of somebody else's partition, and go back. */
async function commit(
  consumer: KafkaJsConsumer,
  own: Ownership,
  positions: readonly Position[],
): Promise<void> {
  const owned = positions.filter((at) => own.owns(at))
  if (owned.length === 0) return
  try {
    await consumer.commitOffsets(owned.map((at) => ({ ...at, offset: String(at.offset) })))
  } catch (error) {
    if (!isOwnershipLost(error)) throw portError('Committing offsets failed', error)
  }
}

function unreadable(groupId: string, topics: readonly string[], fault: string): TerminalError {
  return new TerminalError(
    `Group ${groupId} cannot unpack a batch of ${topics.join(' or ')}: ${fault}. Nothing behind it can be read. ` +
      'Set compression.type=uncompressed on these topics, so that the broker unpacks what comes, and move the group past the batch.',
    { code: 'CHORUS_UNREADABLE_BATCH' },
  )
}

async function inTime(joined: PromiseWithResolvers<void>, groupId: string): Promise<void> {
  const late = new RetryableError(`Joining group ${groupId} took more than ${JOIN_TIMEOUT_MS} ms.`)
  const timer = setTimeout(() => joined.reject(late), JOIN_TIMEOUT_MS)
  try {
    await joined.promise
  } finally {
    clearTimeout(timer)
  }
}
