import type { Admin, Broker, GroupLag, PartitionLag } from '#messaging'
import type { Clock } from '../../clock.ts'
import { type Arrival, partitionAges } from './ages.ts'

/** A group, and the topics that it reads. */
export type WatchedGroup = { readonly group: string; readonly topics: readonly string[] }

/** `oldest`: when the first record came that is not committed; `null` when all are. */
export type PartitionReading = PartitionLag & { readonly oldest: Arrival | null }

/** How far a group is. `at`: when the broker said so. */
export type GroupReading = {
  readonly group: string
  readonly at: number
  readonly members: number
  readonly partitions: readonly PartitionReading[]
  /** A point per look, the oldest first, for an hour. */
  readonly history: readonly LagPoint[]
}

/** `seconds`: age of the oldest record that is not committed, as far as it is known; `null` when all are. */
export type LagPoint = { readonly at: number; readonly lag: number; readonly seconds: number | null }

/** The last good answer for each group. `error`: why the last look was not whole. */
export type LagReading = {
  readonly at: number | null
  readonly error: string | null
  readonly groups: readonly GroupReading[]
}

export type LagWatch = {
  /** Asks the broker, and never rejects. */
  look(groups: readonly WatchedGroup[]): Promise<LagReading>
  now(): LagReading
  close(): Promise<void>
}

const hour = 3_600_000

export function lagWatch(broker: Pick<Broker, 'admin'>, clock: Clock): LagWatch {
  const ages = partitionAges()
  const readings = new Map<string, GroupReading>()
  let last: LagReading = { at: null, error: null, groups: [] }
  let admin: Admin | undefined

  async function ask({ group, topics }: WatchedGroup): Promise<void> {
    admin ??= await broker.admin()
    const there = await admin.partitions(topics)
    const answer = await admin.lag(
      group,
      topics.filter((topic) => there.has(topic)),
    )
    const reading = readingOf(answer)
    readings.set(group, reading)
  }

  function readingOf({ groupId, members, partitions }: GroupLag): GroupReading {
    const at = clock.now()
    ages.note(at, partitions)
    const aged = partitions.map((partition) => ({ ...partition, oldest: ages.oldest(partition) }))
    const before = readings.get(groupId)?.history ?? []
    const history = [...before.filter((point) => point.at > at - hour), pointOf(aged, at)]
    return { group: groupId, at, members, partitions: aged, history }
  }

  return {
    async look(groups) {
      const answers = await Promise.allSettled(groups.map(ask))
      const failed = answers.find((answer) => answer.status === 'rejected')
      const named = new Set(groups.map(({ group }) => group))
      for (const group of readings.keys()) if (!named.has(group)) readings.delete(group)
      last = {
        at: failed ? last.at : clock.now(),
        error: failed ? messageOf(failed.reason) : null,
        groups: groups.flatMap(({ group }) => readings.get(group) ?? []),
      }
      return last
    },
    now: () => last,
    close: async () => await admin?.close(),
  }
}

/** Age in seconds of a partition's oldest record that is not committed. */
export function secondsBehind({ oldest }: PartitionReading, now: number): number | null {
  return oldest && Math.max(0, Math.round((now - oldest.by) / 1000))
}

function pointOf(partitions: readonly PartitionReading[], at: number): LagPoint {
  const seconds = partitions.flatMap((partition) => secondsBehind(partition, at) ?? [])
  return {
    at,
    lag: partitions.reduce((sum, { lag }) => sum + Number(lag), 0),
    seconds: seconds.length > 0 ? Math.max(...seconds) : null,
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
