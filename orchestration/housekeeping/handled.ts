import type { Broker, PartitionLag } from '#messaging'
import type { Clock } from '../clock.ts'

/** The numbers of the partitions in which every record that was stored before `asOf` has been handled. */
export type Handled = { readonly asOf: number; readonly partitions: ReadonlySet<number> }

/** Compares what the group has committed with where its topics ended at the call before: so the first answer names no partition. */
export function handledSince(options: {
  readonly broker: Pick<Broker, 'admin'>
  readonly groupId: string
  readonly topics: readonly string[]
  readonly clock: Clock
}): () => Promise<Handled> {
  const { broker, groupId, topics, clock } = options
  let before = { at: 0, ends: new Map<string, bigint>() }

  return async () => {
    const at = clock.now()
    const positions = await read()
    const { at: asOf, ends } = before
    before = { at, ends: new Map(positions.map((position) => [placeOf(position), position.end])) }
    const open = new Set(
      positions.filter((position) => !isPast(position, ends)).map(({ partition }) => partition),
    )
    const all = positions.map(({ partition }) => partition)
    return { asOf, partitions: new Set(all.filter((partition) => !open.has(partition))) }
  }

  async function read(): Promise<readonly PartitionLag[]> {
    const admin = await broker.admin()
    try {
      return (await admin.lag(groupId, topics)).partitions
    } finally {
      await admin.close()
    }
  }
}

function isPast(position: PartitionLag, ends: ReadonlyMap<string, bigint>): boolean {
  const end = ends.get(placeOf(position))
  return end !== undefined && position.end - position.lag >= end
}

function placeOf({ topic, partition }: PartitionLag): string {
  return `${topic}/${partition}`
}
