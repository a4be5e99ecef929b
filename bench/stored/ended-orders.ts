import { topics } from '#contracts'
import { partitionOf } from '#messaging'
import { fold, type Head, type JournalRow, type Store, type StoryStore, stepsTopic } from '#orchestration'
import { anew, type Told } from '../tracker/sagas.ts'

/** What is kept of an order that has ended. */
type EndedOrder = {
  /** By participant, in `seq` order. */
  readonly journals: ReadonlyMap<string, readonly JournalRow[]>
  readonly story: Told
}

export type Shelves = {
  readonly stores: ReadonlyMap<string, Store>
  /** Null without a tracker. */
  readonly stories: StoryStore | null
}

/** Orders that are in memory at once, and in one request of a store. */
const atOnce = 500
/** They began one after the other, and none so long ago that housekeeping would take it: a million in three hours. */
const apartMs = 10

const partitions = topics.find(({ name }) => name === stepsTopic)?.partitions ?? 1

/** The ways that have come to their end. */
export function endedWays(ways: readonly Told[]): readonly Told[] {
  return ways.filter(({ story }) => story.state === 'ended')
}

/** Stores so many ended orders, which went these ways in turn, each under ids of its own. */
export async function storeEndedOrders(
  count: number,
  { stores, stories }: Shelves,
  { ways, now, signal }: { ways: readonly Told[]; now: number; signal: AbortSignal },
): Promise<void> {
  for (let first = 0; first < count; first += atOnce) {
    signal.throwIfAborted()
    const numbers = Array.from({ length: Math.min(atOnce, count - first) }, (_, i) => first + i)
    const orders = numbers.map((n) =>
      endedOrder(ways[n % ways.length] as Told, n, now - (count - n) * apartMs),
    )
    await Promise.all([
      ...[...stores].map(([name, store]) =>
        write(
          store,
          orders.flatMap(({ journals }) => [journals.get(name) ?? []]),
        ),
      ),
      stories?.write(orders.map(({ story }) => ({ ...story, from: 0 }))),
    ])
  }
}

/** The same way again as order number `n`, begun then. */
function endedOrder(way: Told, n: number, beganAt: number): EndedOrder {
  const { story, steps } = anew(way, n, beganAt)
  const shift = beganAt - way.story.beganAt
  const partition = partitionOf(story.sagaId, partitions)
  const moved = steps.map((step) => ({ ...step, partition, at: step.at + shift }))
  const journals = Map.groupBy(
    moved.toSorted((a, b) => a.seq - b.seq),
    ({ participant }) => participant,
  )
  return {
    journals: new Map(
      [...journals].map(([name, rows]) => [name, rows.map(({ participant: _, ...row }) => row)]),
    ),
    story: { story, steps: moved },
  }
}

/** All first rows, all second rows and so on: a store takes one row of a saga at a time. */
async function write(store: Store, journals: readonly (readonly JournalRow[])[]): Promise<void> {
  const longest = Math.max(...journals.map(({ length }) => length))
  for (let i = 0; i < longest; i++) await store.insertRows(journals.flatMap((rows) => rows[i] ?? []))
  const heads = journals.flatMap((rows) => rows.reduce<Head | null>(fold, null) ?? [])
  await store.writeHeads(heads, new Set(heads.map(({ _id }) => _id)))
}
