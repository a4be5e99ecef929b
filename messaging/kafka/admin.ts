import { setTimeout as pause } from 'node:timers/promises'
import type { Admin as KafkaJsAdmin } from 'kafkajs'
import type { Admin, PartitionLag, TopicSpec } from '../broker.ts'
import { TerminalError } from '../errors.ts'
import { longestStay } from '../retention.ts'
import { missingTopics } from '../topics.ts'
import { adminConnection } from './admin-connection.ts'
import type { KafkaConfig } from './config.ts'
import kafkajs from './kafkajs.ts'
import type { KafkaSettings } from './settings.ts'

const SERVED_TIMEOUT_MS = 30_000

/** First and next offset of a partition as the broker holds it. */
export type Bounds = { readonly partition: number; readonly low: bigint; readonly end: bigint }

/** The port's admin, and what the adapter itself asks about offsets. */
export type KafkaAdmin = Admin & {
  bounds(topic: string): Promise<readonly Bounds[]>
  /** Committed offsets by partition; a partition without one is absent. */
  committed(groupId: string, topic: string): Promise<ReadonlyMap<number, bigint>>
}

export async function kafkaAdmin(config: KafkaConfig, settings: KafkaSettings): Promise<KafkaAdmin> {
  const { ask, close } = await adminConnection(config, settings)

  function partitions(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return ask('Reading the topics failed', (admin) => countPartitions(admin, topics))
  }

  function bounds(topic: string): Promise<readonly Bounds[]> {
    return ask(`Reading the offsets of ${topic} failed`, async (admin) =>
      (await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }) => ({
        partition,
        low: BigInt(low),
        end: BigInt(high),
      })),
    )
  }

  function committed(groupId: string, topic: string): Promise<ReadonlyMap<number, bigint>> {
    return ask(`Reading the committed offsets of ${groupId} failed`, async (admin) => {
      const [answer] = await admin.fetchOffsets({ groupId, topics: [topic] })
      const offsets = (answer?.partitions ?? []).map((at) => [at.partition, BigInt(at.offset)] as const)
      return new Map(offsets.filter(([, offset]) => offset >= 0n))
    })
  }

  function members(groupId: string): Promise<number> {
    return ask(`Describing group ${groupId} failed`, async (admin) => {
      const { groups } = await admin.describeGroups([groupId])
      return groups[0]?.members.length ?? 0
    })
  }

  async function lagOf(groupId: string, topic: string): Promise<readonly PartitionLag[]> {
    const [held, done] = await Promise.all([bounds(topic), committed(groupId, topic)])
    return held.map(({ partition, low, end }) => {
      const at = done.get(partition) ?? null
      return { topic, partition, committed: at, end, lag: end - (at ?? low) }
    })
  }

  return {
    bounds,
    committed,
    partitions,
    close,
    async createTopics(specs) {
      const missing = missingTopics(specs, await partitions(specs.map(({ name }) => name)))
      if (missing.length === 0) return []
      const names = missing.map(({ name }) => name)
      await ask(`Creating ${names.join(', ')} failed`, (admin) => create(admin, missing, settings))
      for (const name of names) await untilServed(() => bounds(name))
      return names
    },
    retention: (topics) => ask('Reading the settings of the topics failed', (admin) => stays(admin, topics)),
    async lag(groupId, topics) {
      const [count, byTopic] = await Promise.all([
        members(groupId),
        Promise.all(topics.map((topic) => lagOf(groupId, topic))),
      ])
      return { groupId, members: count, partitions: byTopic.flat() }
    },
  }
}

/** kafkajs fails as a whole when one topic is missing, so ask only for those that are there. */
async function existing(admin: KafkaJsAdmin, topics: readonly string[]): Promise<string[]> {
  const known = new Set(await admin.listTopics())
  return topics.filter((topic) => known.has(topic))
}

async function countPartitions(
  admin: KafkaJsAdmin,
  topics: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const asked = await existing(admin, topics)
  if (asked.length === 0) return new Map()
  const metadata = await admin.fetchTopicMetadata({ topics: asked })
  return new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length]))
}

/** The broker answers with what counts for each topic, be it the topic's own setting or the broker's. */
async function stays(admin: KafkaJsAdmin, topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const resources = (await existing(admin, topics)).map((name) => ({
    type: kafkajs.ConfigResourceTypes.TOPIC,
    name,
  }))
  if (resources.length === 0) return new Map()
  const answer = await admin.describeConfigs({ resources, includeSynonyms: false })
  return new Map(
    answer.resources.map(({ resourceName, configEntries }) => {
      const settings = configEntries.map(({ configName, configValue }) => [configName, configValue] as const)
      return [resourceName, longestStay(Object.fromEntries(settings))]
    }),
  )
}

/** Somebody else may create them at the same time; that is not an error. */
async function create(
  admin: KafkaJsAdmin,
  specs: readonly TopicSpec[],
  { requestTimeoutMs }: KafkaSettings,
): Promise<void> {
  await admin.createTopics({
    waitForLeaders: false,
    timeout: requestTimeoutMs,
    topics: specs.map(({ name, partitions, settings = {} }) => ({
      topic: name,
      numPartitions: partitions,
      replicationFactor: -1,
      configEntries: Object.entries(settings).map(([key, value]) => ({ name: key, value })),
    })),
  })
}

/** A new topic is known to the controller a moment before its leaders serve it. */
async function untilServed(ask: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + SERVED_TIMEOUT_MS
  for (;;) {
    try {
      await ask()
      return
    } catch (error) {
      if (error instanceof TerminalError || performance.now() > deadline) throw error
      await pause(100)
    }
  }
}
