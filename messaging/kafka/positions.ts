import type { Position } from '../broker.ts'
import type { KafkaAdmin } from './admin.ts'
import type { Ownership } from './ownership.ts'

/** Where a partition begins that nobody has committed. */
export type StartFrom = 'earliest' | 'latest'

/** Where a consumer without a group begins in every partition of `topics`. */
export async function startPositions(
  admin: KafkaAdmin,
  topics: readonly string[],
  startFrom: StartFrom,
): Promise<readonly Position[]> {
  const byTopic = await Promise.all(
    topics.map(async (topic) =>
      (await admin.bounds(topic)).map(({ partition, low, end }) => ({
        topic,
        partition,
        offset: startFrom === 'latest' ? end : low,
      })),
    ),
  )
  return byTopic.flat()
}

/** A sentence about a partition that holds records which should have been handed over, if there is one. */
export async function unreadRecords(
  admin: KafkaAdmin,
  own: Ownership,
  groupId: string,
  startFrom: StartFrom,
): Promise<string | undefined> {
  const flowing = own.owned().filter((at) => !own.isPaused(at))
  for (const topic of new Set(flowing.map((at) => at.topic))) {
    const [bounds, committed] = await Promise.all([admin.bounds(topic), admin.committed(groupId, topic)])
    for (const { partition, low, end } of bounds) {
      const start = startFrom === 'earliest' ? low : end
      const next = own.next({ topic, partition }) ?? committed.get(partition) ?? start
      const unread = next < low ? end - low : end - next
      if (unread > 0n && flowing.some((at) => at.topic === topic && at.partition === partition)) {
        return `${unread} records of ${topic}/${partition} wait, but group ${groupId} is handed nothing.`
      }
    }
  }
  return undefined
}
