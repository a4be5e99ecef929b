import { Router } from 'express'
import { type GroupReading, type LagReading, type PartitionReading, secondsBehind } from '#orchestration'
import type { Lag, PartitionLagView } from '../api.ts'
import { iso, type Viewer } from './viewer.ts'

/** `GET /lag` */
export function lagRoutes({ tracker, now }: Pick<Viewer, 'tracker' | 'now'>): Router {
  return Router().get('/lag', (_req, res) => void res.json(lagView(tracker.lag(), now())))
}

/** The partition whose oldest record waits for the longest, of all groups; `null` when nothing waits. */
export function worstPartition({ groups }: LagReading, now: number): PartitionLagView | null {
  const [worst] = groups
    .flatMap(({ group, partitions }) => partitions.map((partition) => partitionView(group, partition, now)))
    .filter(({ lag }) => lag > 0)
    .sort((a, b) => (b.seconds ?? 0) - (a.seconds ?? 0) || b.lag - a.lag)
  return worst ?? null
}

function lagView({ at, error, groups }: LagReading, now: number): Lag {
  return { at: iso(at), error, groups: groups.map((group) => groupView(group, now)) }
}

function groupView(
  { group, members, partitions, history }: GroupReading,
  now: number,
): Lag['groups'][number] {
  const shown = partitions.map((partition) => partitionView(group, partition, now))
  return {
    group,
    members,
    lag: shown.reduce((sum, { lag }) => sum + lag, 0),
    partitions: shown,
    history: history.map(({ at, lag, seconds }) => ({ at: iso(at), lag, seconds })),
  }
}

function partitionView(group: string, reading: PartitionReading, now: number): PartitionLagView {
  const { topic, partition, committed, end, lag } = reading
  return {
    group,
    topic,
    partition,
    committed: committed === null ? null : String(committed),
    end: String(end),
    lag: Number(lag),
    seconds: secondsBehind(reading, now),
  }
}
