import { topics } from '#contracts'
import { type Broker, memoryBroker, type OutgoingMessage } from '#messaging'
import { startSpan } from '#observability'
import { type JournalRow, memoryStore, memoryStoryShelf, type Story, type StoryShelf } from '#orchestration'
import { type ManualClock, manualClock } from '../../orchestration/manual-clock.fixtures.ts'
import { usualBehaviour } from '../../services/sandbox/behaviour.ts'
import { openLedger } from '../../services/sandbox/ledger.ts'
import { inTurn } from '../../services/sandbox/turns.ts'
import type { Surroundings } from '../crash-processes.fixtures.ts'
import { codec } from '../crash-world.fixtures.ts'
import { type Sources, unread } from './collect.ts'
import type { Name } from './evidence.ts'
import { names } from './parts.ts'

/** What outlives every process of a shop whose servers are in memory. */
export type SmallShop = Surroundings & {
  readonly clock: ManualClock
  readonly stories: StoryShelf
  /** Every row that a store has taken. */
  readonly rows: Readonly<Record<Name, readonly JournalRow[]>>
  readonly sources: Sources
  /** As a customer says it to the API, in a trace of its own. `id`: the same for a request that is repeated. */
  say(type: string, orderId: string, data: Readonly<Record<string, unknown>>, id?: string): Promise<void>
  /** What nobody can read, or nobody waits for. */
  sayRaw(message: OutgoingMessage): Promise<void>
  lag(): Promise<number>
}

/** `api`: the broker as the API sees it. */
export async function openSmallShop(api: (broker: Broker) => Broker): Promise<SmallShop> {
  const clock = manualClock()
  const broker = memoryBroker()
  const admin = await broker.admin()
  await admin.createTopics(topics.map((topic) => ({ ...topic, partitions: Math.min(topic.partitions, 2) })))
  const producer = await api(broker).producer()
  const rows = byName<JournalRow[]>(() => [])
  const stores = byName((name) => {
    const store = memoryStore()
    return {
      ...store,
      async insertRows(batch: readonly JournalRow[]) {
        const results = await store.insertRows(batch)
        rows[name].push(...batch.filter((_, i) => results[i] === 'inserted'))
        return results
      },
    }
  })
  const stories = memoryStoryShelf()
  const ledger = await openLedger()

  return {
    clock,
    broker,
    stores,
    stories,
    rows,
    sandbox: { ledger, clock, behaviour: usualBehaviour(), inTurn: inTurn(), failed: new Set() },
    called() {},
    sources: {
      broker,
      codec,
      async journal(name) {
        const sagas = [...new Set(rows[name].map(({ sagaId }) => sagaId))]
        return { rows: [...rows[name]], heads: await stores[name].readHeads(sagas) }
      },
      // As JSON, like all evidence: clones are of another realm under Jest, and equal to nothing.
      stories: async () => JSON.parse(JSON.stringify(await allStories(stories))),
      ledger: async () => [...ledger.entries()],
      now: clock.now,
    },
    async say(type, orderId, data, id = `${type} ${orderId}`) {
      const span = startSpan({ name: `POST ${type}`, kind: 'server', parent: {} })
      const envelope = { id, type, source: 'order-api', sagaId: orderId, time: clock.now() }
      await producer.send([codec.encode({ ...envelope, trace: span.context, data: { orderId, ...data } })])
      span.end()
    },
    sayRaw: (message) => producer.send([message]),
    lag: () => unread(broker),
  }
}

/** What the tracker on this shelf shows. */
export async function allStories(shelf: StoryShelf): Promise<readonly Story[]> {
  const { serving } = await shelf.generations()
  const store = serving && (await shelf.open(serving))
  return (await store?.list({}, { order: 'oldest', limit: Number.MAX_SAFE_INTEGER })) ?? []
}

export function byName<T>(make: (name: Name) => T): Record<Name, T> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, T>
}
