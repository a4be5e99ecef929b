import { type Attributes, type Observation, observe, telemetryNames } from '#observability'
import { type LagReading, type PartitionReading, secondsBehind } from '#orchestration'
import type { Viewer } from './http/viewer.ts'

const { attributes, metrics } = telemetryNames

/** Tells Prometheus what can only be seen from outside: lag and members of every consumer group, and stuck sagas. Returns what ends it. */
export function observeTracker({
  tracker,
  survey,
  now,
}: Pick<Viewer, 'tracker' | 'survey' | 'now'>): () => void {
  const ends = [
    observe(metrics.consumerLag, () =>
      byTopic(tracker.lag(), (partitions) => partitions.reduce((sum, { lag }) => sum + Number(lag), 0)),
    ),
    observe(metrics.consumerDelay, () =>
      byTopic(tracker.lag(), (partitions) =>
        Math.max(...partitions.map((partition) => secondsBehind(partition, now()) ?? 0)),
      ),
    ),
    observe(metrics.consumerMembers, () =>
      tracker.lag().groups.map(({ group, members }) => ({
        value: members,
        attributes: { [attributes.consumerGroup]: group },
      })),
    ),
    observe(metrics.sagaStuck, async () => stuck(await survey())),
  ]
  return () => ends.forEach((end) => void end())
}

function byTopic(
  { groups }: LagReading,
  measure: (partitions: readonly PartitionReading[]) => number,
): Observation[] {
  return groups.flatMap(({ group, partitions }) =>
    [...Map.groupBy(partitions, ({ topic }) => topic)].map(([topic, its]) => ({
      value: measure(its),
      attributes: { [attributes.consumerGroup]: group, [attributes.destinationName]: topic },
    })),
  )
}

function stuck({ sagas }: Awaited<ReturnType<Viewer['survey']>>): Observation[] {
  const counts = new Map<string, { value: number; readonly attributes: Attributes }>()
  for (const { cause, responsible, isStuck } of sagas.map(({ why }) => why)) {
    if (!isStuck) continue
    const key = `${cause} ${responsible}`
    const of = { [attributes.stuckCause]: cause, [attributes.stuckResponsible]: responsible }
    const count = counts.get(key) ?? { value: 0, attributes: of }
    counts.set(key, count)
    count.value++
  }
  return [...counts.values()]
}
