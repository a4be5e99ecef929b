import { setTimeout as pause } from 'node:timers/promises'
import type { Admin as KafkaJsAdmin } from 'kafkajs'
import type { Admin, PartitionLag, TopicSpec } from '../broker.ts'
import { TerminalError } from '../errors.ts'
import { missingTopics } from '../topics.ts'
import { kafkaClient, RETRY } from './client.ts'
import type { KafkaConfig } from './config.ts'
import { portError } from './errors.ts'
import type { KafkaSettings } from './settings.ts'

const LEADERS_TIMEOUT_MS = 30_000

/** First and next offset of a partition as the broker holds it. */
export type Bounds = { readonly partition: number; readonly low: bigint; readonly end: bigint }

/** The port's admin, and what the adapter itself asks about offsets. */
export type KafkaAdmin = Admin & {
  bounds(topic: string): Promise<readonly Bounds[]>
  /** Committed offsets by partition; a partition without one is absent. */
  committed(groupId: string, topic: string): Promise<ReadonlyMap<number, bigint>>
}

export async function kafkaAdmin(config: KafkaConfig, settings: KafkaSettings): Promise<KafkaAdmin> {
  const admin = kafkaClient(config, settings).admin({ retry: RETRY })
  const asking = async <Answer>(what: string, ask: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await ask()
    } catch (error) {
      throw portError(what, error)
    }
  }
  await asking(`Connecting to ${config.brokers.join(', ')} failed`, () => admin.connect())

  const bounds = (topic: string) =>
    asking(`Reading the offsets of ${topic} failed`, async () =>
      (await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }) => ({
        partition,
        low: BigInt(low),
        end: BigInt(high),
      })),
    )

  const committed = (groupId: string, topic: string) =>
    asking(`Reading the committed offsets of ${groupId} failed`, async () => {
      const [answer] = await admin.fetchOffsets({ groupId, topics: [topic] })
      const found = (answer?.partitions ?? []).map(
        ({ partition, offset }) => [partition, BigInt(offset)] as const,
      )
      return new Map(found.filter(([, offset]) => offset >= 0n))
    })

  const lagOf = async (groupId: string, topic: string): Promise<readonly PartitionLag[]> => {
    const [held, done] = await Promise.all([bounds(topic), committed(groupId, topic)])
    return held.map(({ partition, low, end }) => ({
      topic,
      partition,
      committed: done.get(partition) ?? null,
      end,
      lag: end - (done.get(partition) ?? low),
    }))
  }

  const partitions = (topics: readonly string[]) =>
    asking('Reading the topics failed', () => countPartitions(admin, topics))

  return {
    bounds,
    committed,
    partitions,
    async createTopics(specs) {
      const missing = missingTopics(specs, await partitions(specs.map(({ name }) => name)))
      const names = missing.map(({ name }) => name).join(', ')
      await asking(`Creating ${names} failed`, () => create(admin, missing, settings.requestTimeoutMs))
      for (const { name } of missing) await untilServed(() => bounds(name))
      return missing.map(({ name }) => name)
    },
    async lag(groupId, topics) {
      const [group, byTopic] = await Promise.all([
        asking(`Describing group ${groupId} failed`, () => admin.describeGroups([groupId])),
        Promise.all(topics.map((topic) => lagOf(groupId, topic))),
      ])
      return { groupId, members: group.groups[0]?.members.length ?? 0, partitions: byTopic.flat() }
    },
    close: () => admin.disconnect(),
  }
}

async function countPartitions(
  admin: KafkaJsAdmin,
  topics: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  // kafkajs fails as a whole when one topic is missing, so ask only for those that are there.
  const existing = new Set(await admin.listTopics())
  const asked = topics.filter((topic) => existing.has(topic))
  if (asked.length === 0) return new Map()
  const metadata = await admin.fetchTopicMetadata({ topics: asked })
  return new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length]))
}

async function create(admin: KafkaJsAdmin, specs: readonly TopicSpec[], timeout: number): Promise<void> {
  if (specs.length === 0) return
  await admin.createTopics({
    waitForLeaders: true,
    timeout,
    topics: specs.map(({ name, partitions, settings = {} }) => ({
      topic: name,
      numPartitions: partitions,
      replicationFactor: -1,
      configEntries: Object.entries(settings).map(([key, value]) => ({ name: key, value })),
    })),
  })
}

/** A new topic's leaders are known a moment before they serve it. */
async function untilServed(ask: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + LEADERS_TIMEOUT_MS
  for (;;) {
    try {
      await ask()
      return
    } catch (error) {
      if (error instanceof TerminalError || Date.now() > deadline) throw error
      await pause(100)
    }
  }
}
