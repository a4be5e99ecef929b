import { type Testbed, until } from '../broker.fixtures.ts'
import type { BrokerRecord, PartitionLag, Position, TopicPartition } from '../broker.ts'
import { partitionOf } from '../partitioner.ts'

/** Committed offsets by partition number. */
export async function committed(
  bed: Testbed,
  groupId: string,
  topics: readonly string[],
): Promise<readonly (bigint | null)[]> {
  const { partitions } = await bed.admin.lag(groupId, topics)
  return partitions.toSorted((a, b) => a.partition - b.partition).map((at) => at.committed)
}

/** Resolves when a consumer that began now has read all of the topic: so had any other one, unless it may not. */
export async function settle(bed: Testbed, topic: string): Promise<void> {
  const { partitions } = await bed.admin.lag('nobody', [topic])
  const viewer = await bed.read([topic], { assignment: 'standalone' })
  await until('a viewer has all', () => BigInt(viewer.records.length) === total(partitions))
  await viewer.close()
}

export function byKey(values: readonly string[]): Readonly<Record<string, string[] | undefined>> {
  return Object.groupBy(values, (value) => value.split('-', 1)[0] ?? value)
}

export function byPartition(records: readonly BrokerRecord[]): ReadonlyMap<number, BrokerRecord[]> {
  return Map.groupBy(records, ({ partition }) => partition)
}

/** For each partition of two, a key that lies in it. */
export function keysOf(...partitions: readonly number[]): readonly string[] {
  const keys = Array.from({ length: 20 }, (_, i) => `k${i}`)
  return partitions.map((partition) => keys.find((key) => partitionOf(key, 2) === partition) ?? '')
}

export function numbersIn(
  topic: string | undefined,
  partitions: readonly TopicPartition[],
): readonly number[] {
  return partitions.filter((at) => at.topic === topic).map(({ partition }) => partition)
}

/** The records of a partition come in offset order, so the last one of each counts. */
export function positionsAfter(records: readonly BrokerRecord[]): readonly Position[] {
  const positions = new Map(
    records.map(({ topic, partition, offset }) => [
      `${topic}/${partition}`,
      { topic, partition, offset: offset + 1n },
    ]),
  )
  return [...positions.values()]
}

export function total(partitions: readonly PartitionLag[]): bigint {
  return partitions.reduce((sum, { lag }) => sum + lag, 0n)
}
