import type { Admin, Broker, ConsumerOptions, GroupLag } from '../broker.ts'
import { exclusiveProducer } from '../exclusive-producer.ts'
import { commonPartitions, demandTopics, missingTopics } from '../topics.ts'
import { type MemoryConsumer, memoryConsumer } from './consumer.ts'
import { type MemoryGroup, memoryGroup } from './group.ts'
import { type MemoryLog, memoryLog } from './log.ts'

export type MemoryBrokerOptions = {
  /** Stamps the records, in epoch milliseconds. Default `Date.now`. */
  readonly now?: () => number
  /**
   * Runs a task later, once: a batch is stored, or the records of one partition are handed over. Tasks may overtake each other.
   * Default: in the next turn of the event loop.
   */
  readonly later?: (task: () => void) => void
}

/**
 * A broker in this process, for tests and for running everything embedded: what Kafka promises through the port, and nothing
 * outlives the process. Everybody who takes part must be given the same one.
 */
export function memoryBroker({ now = Date.now, later = setImmediate }: MemoryBrokerOptions = {}): Broker {
  const log = memoryLog(now)
  const groups = new Map<string, MemoryGroup>()
  const consumers = new Set<MemoryConsumer>()

  function groupOf({ groupId, topics }: ConsumerOptions): MemoryGroup {
    const partitions = commonPartitions(topics, counts(log, topics))
    const group = groups.get(groupId) ?? memoryGroup(partitions)
    groups.set(groupId, group)
    return group
  }

  return {
    async producer() {
      return exclusiveProducer(async (messages) => {
        await new Promise<void>(later)
        log.append(messages)
        for (const consumer of consumers) consumer.wake()
      })
    },
    async consume(options) {
      demandTopics(options.topics, counts(log, options.topics))
      const group = options.assignment === 'co-partitioned' ? groupOf(options) : undefined
      const consumer = memoryConsumer(
        { log, group, later, onClose: () => consumers.delete(consumer) },
        options,
      )
      consumers.add(consumer)
      return consumer
    },
    admin: async () => memoryAdmin(log, groups),
  }
}

function memoryAdmin(log: MemoryLog, groups: ReadonlyMap<string, MemoryGroup>): Admin {
  return {
    async createTopics(topics) {
      const missing = missingTopics(
        topics,
        counts(
          log,
          topics.map(({ name }) => name),
        ),
      )
      for (const topic of missing) log.create(topic)
      return missing.map(({ name }) => name)
    },
    partitions: async (topics) => counts(log, topics),
    retention: async (topics) => byTopic(topics, log.longestStay),
    lag: async (groupId, topics) => groupLag(log, groupId, groups.get(groupId), topics),
    async close() {},
  }
}

function groupLag(
  log: MemoryLog,
  groupId: string,
  group: MemoryGroup | undefined,
  topics: readonly string[],
): GroupLag {
  const partitions = topics.flatMap((topic) =>
    Array.from({ length: log.partitions(topic) ?? 0 }, (_, partition) => {
      const committed = group?.committed({ topic, partition }) ?? null
      const end = log.end(topic, partition)
      return { topic, partition, committed, end, lag: end - (committed ?? 0n) }
    }),
  )
  return { groupId, members: group?.size() ?? 0, partitions }
}

function counts(log: MemoryLog, topics: readonly string[]): ReadonlyMap<string, number> {
  return byTopic(topics, log.partitions)
}

/** Missing topics are absent. */
function byTopic(
  topics: readonly string[],
  ask: (topic: string) => number | undefined,
): ReadonlyMap<string, number> {
  return new Map(
    topics.flatMap((topic) => {
      const answer = ask(topic)
      return answer === undefined ? [] : [[topic, answer] as const]
    }),
  )
}
