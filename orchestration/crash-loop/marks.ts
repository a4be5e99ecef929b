import { randomUUID } from 'node:crypto'
import type { Broker, BrokerRecord, PartitionLag } from '#messaging'
import type { Logger } from '#observability'
import { backoff, type Jitter } from '../backoff.ts'
import { type Clock, pause } from '../clock.ts'
import {
  diedAt,
  givenBack,
  hasVanished,
  isLoop,
  isOwn,
  type Mark,
  type MarkStore,
  takenOver,
  withAttempt,
} from './mark.ts'

/** How long a living owner may take to give back what it has lost, in ms. */
const patience = 4_000
const look = 200

/** A partition of a topic whose records up to `until` (exclusive) have to be run one at a time. */
export type Suspect = { readonly topic: string; readonly partition: number; readonly until: bigint }

export type TakeOver = {
  readonly suspects: readonly Suspect[]
  /** Partition numbers whose last owner had vanished: the next one that does may be a loop. */
  readonly doubtful: readonly number[]
}

/** The marks of one process run in the store: what the next owner must know when this one dies. All but `giveBack` try until they succeed. */
export type Marks = {
  /** Gives back what is no longer owned, and takes over the rest. `undefined` when `isCurrent` says no before it is done. */
  settle(partitions: readonly number[], isCurrent: () => boolean): Promise<TakeOver | undefined>
  /** Stores that this record runs now. Resolves with the number of owners that have died at it before. */
  begin(record: BrokerRecord): Promise<number>
  /** The process has survived it. A record that is not `handled` yet keeps the deaths of others. */
  end(record: BrokerRecord, handled: boolean): Promise<void>
  /** Nothing in these partitions is suspicious any more. */
  acquit(partitions: readonly number[]): Promise<void>
  /** An orderly end: tries once. */
  giveBack(): Promise<void>
  stop(): void
}

export function marks(options: {
  readonly store: MarkStore
  readonly clock: Clock
  readonly log: Logger
  readonly random?: Jitter
  /** Of this run of this process: unlike any other's. */
  readonly owner?: string
  readonly broker: Pick<Broker, 'admin'>
  readonly group: { readonly name: string; readonly topics: readonly string[] }
}): Marks {
  const { store, clock, log, random, broker, group, owner = randomUUID() } = options
  const owned = new Set<number>()
  let stopped = false

  async function insist<T>(doing: string, work: () => Promise<T>, goOn = () => true): Promise<T | undefined> {
    for (let failures = 0; !stopped && goOn(); failures++) {
      try {
        return await work()
      } catch (error) {
        log.warn(`${doing} failed, trying again`, { error: String(error), failures: failures + 1 })
        await pause(clock, backoff(failures, { initial: 50, max: 2_000 }, random))
      }
    }
    return undefined
  }

  /** What `next` makes of the stored marks, again and again until no other owner was faster. */
  async function change(
    partitions: readonly number[],
    next: (mark: Mark | undefined, partition: number) => Partial<Mark> | undefined,
  ): Promise<void> {
    for (let left = partitions; left.length > 0; ) {
      const stored = await read(left)
      const changed = left.flatMap((partition) => {
        const mark = stored.get(partition)
        const made = next(mark, partition)
        const before = mark ?? { owner, released: false, stuckAt: {}, attempts: [] }
        return made ? [{ ...before, ...made, _id: partition, revision: (mark?.revision ?? 0) + 1 }] : []
      })
      const written = changed.length > 0 ? await store.write(changed) : []
      left = changed.filter((_, i) => !written[i]).map(({ _id }) => _id)
    }
  }

  async function read(partitions: readonly number[]): Promise<ReadonlyMap<number, Mark>> {
    return new Map((await store.read(partitions)).map((mark) => [mark._id, mark]))
  }

  async function release(partitions: readonly number[]): Promise<void> {
    await change(partitions, (mark) => givenBack(mark, owner))
    for (const partition of partitions) owned.delete(partition)
  }

  async function settle(partitions: readonly number[], isCurrent: () => boolean): Promise<TakeOver> {
    await release([...owned].filter((partition) => !partitions.includes(partition)))
    const found = [...(await read(partitions)).values()].filter((mark) => !isOwn(mark, owner))
    const doubted = found.filter((mark) => hasVanished(mark) || mark.attempts.length > 0)
    const lags = doubted.length > 0 ? await lag(broker, group) : []
    const waiting = (partition: number) => lags.filter((at) => at.partition === partition)
    const loops = await stillLooping(
      doubted.filter((mark) => isLoop(mark, owner, waiting(mark._id))),
      waiting,
      isCurrent,
    )
    if (!isCurrent()) return { suspects: [], doubtful: [] }
    await change(partitions, (mark, partition) => takenOver(mark, owner, waiting(partition)))
    for (const partition of partitions) owned.add(partition)
    const suspects = lags
      .filter(({ partition, lag }) => lag > 0n && loops.includes(partition))
      .map(({ topic, partition, end }) => ({ topic, partition, until: end }))
    return { suspects, doubtful: doubted.map(({ _id }) => _id) }
  }

  /** An owner that lives gives back what it has lost, a moment later than its successor hears of it. */
  async function stillLooping(
    suspected: readonly Mark[],
    waiting: (partition: number) => readonly PartitionLag[],
    isCurrent: () => boolean,
  ): Promise<readonly number[]> {
    const end = clock.now() + patience
    let left = suspected
    while (left.some(hasVanished) && clock.now() < end && isCurrent()) {
      await pause(clock, look)
      const stored = await read(left.map(({ _id }) => _id))
      left = [...stored.values()].filter((mark) => isLoop(mark, owner, waiting(mark._id)))
    }
    return left.map(({ _id }) => _id)
  }

  return {
    settle: (partitions, isCurrent) =>
      insist('taking over partitions', () => settle(partitions, isCurrent), isCurrent),
    async begin(record) {
      let deaths: readonly string[] = []
      await insist('marking an attempt', () =>
        change([record.partition], (mark) => {
          deaths = diedAt(mark, record, owner)
          return { owner, released: false, attempts: withAttempt(mark, record, [...deaths, owner]) }
        }),
      )
      return deaths.length
    },
    async end(record, handled) {
      await insist('clearing an attempt', () =>
        change([record.partition], (mark) => ({
          attempts: withAttempt(mark, record, handled ? [] : diedAt(mark, record, owner)),
        })),
      )
    },
    async acquit(partitions) {
      await insist('clearing suspicions', () =>
        change(partitions, (mark) =>
          mark && isOwn(mark, owner) ? { stuckAt: {}, attempts: [] } : undefined,
        ),
      )
    },
    giveBack: () => release([...owned]),
    stop() {
      stopped = true
    },
  }
}

/** Asked only when somebody has vanished: not worth a connection of its own. */
async function lag(
  broker: Pick<Broker, 'admin'>,
  { name, topics }: { readonly name: string; readonly topics: readonly string[] },
): Promise<readonly PartitionLag[]> {
  const admin = await broker.admin()
  try {
    return (await admin.lag(name, topics)).partitions
  } finally {
    await admin.close()
  }
}
