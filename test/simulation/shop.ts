import { contracts, topics } from '#contracts'
import { type Codec, type OutgoingMessage, sender } from '#messaging'
import { createLogger } from '#observability'
import { memoryStore, memoryStoryShelf, runTracker, type Store } from '#orchestration'
import {
  type Cluster,
  edgeCount,
  openWorld,
  type SimulatedProcess,
  startCluster,
  type World,
} from '#orchestration/simulation'
import { usualBehaviour } from '../../services/sandbox/behaviour.ts'
import { openLedger } from '../../services/sandbox/ledger.ts'
import type { Sandbox } from '../../services/sandbox/operation.ts'
import { inTurn } from '../../services/sandbox/turns.ts'
import { codec } from '../crash-world.fixtures.ts'
import { type Sources, unread } from '../invariants/collect.ts'
import type { Name } from '../invariants/evidence.ts'
import { names } from '../invariants/parts.ts'
import { allStories, byName } from '../invariants/small-shop.fixtures.ts'
import { type Onlooker, onlooker } from './onlooker.ts'
import { participantsOn, parts } from './participants.ts'

/** A bug in what the processes stand on, planted to see that it is found. */
export type Bug = {
  store?(store: Store): Store
  broker?(broker: World['broker'], process: SimulatedProcess, world: World): World['broker']
  sandbox?(sandbox: Sandbox): Sandbox
  codec?(codec: Codec): Codec
}

export type ShopOptions = {
  readonly seed: number
  readonly bug?: Bug | undefined
  /** A tracker watches, as a process to which nothing happens. */
  readonly tracked?: boolean
  readonly onTrace?: ((line: string) => void) | undefined
}

/** The whole shop on a simulated world. */
export type Shop = {
  readonly world: World
  readonly cluster: Cluster
  readonly sandbox: Sandbox
  readonly rows: Onlooker['rows']
  readonly broken: Onlooker['broken']
  readonly onRow: Onlooker['onRow']
  readonly sources: Sources
  /** Transition of a machine → how often it was taken. */
  edges(): Readonly<Record<string, number>>
  /** As the API says it, or a person. `id`: the same for a request that is repeated. */
  say(type: string, orderId: string, data: Readonly<Record<string, unknown>>, id?: string): void
  /** What nobody can read, and operators' commands. */
  sayRaw(message: OutgoingMessage): void
  /** Every order that was spoken of has an ending, nothing is held or unread, and nothing is owed. */
  isAtRest(): Promise<boolean>
}

/** Fewer than in production: more sagas meet in each. */
const partitions = 3

/** Milliseconds that an order waits for its payment: shorter, and longer, than payment tries. */
const patience = [4_000, 10_000, 25_000]

export async function openShop({ seed, bug = {}, tracked = false, onTrace }: ShopOptions): Promise<Shop> {
  const seen = onlooker()
  const world = await openWorld({
    seed,
    topics: topics.map((topic) => ({ ...topic, partitions: Math.min(topic.partitions, partitions) })),
    store: (participant) => seen.watch(participant as Name, memoryStore()),
    onTrace,
  })
  const { scheduler, broker } = world
  const ledger = await openLedger()
  const sandbox: Sandbox = {
    ledger,
    clock: world.clock,
    behaviour: usualBehaviour(),
    inTurn: inTurn(),
    failed: new Set(),
  }

  const counted = byName((name) => edgeCount(parts[name]))
  const cluster = startCluster(world, {
    participants: participantsOn(bug.sandbox?.(sandbox) ?? sandbox, {
      parts: byName((name) => counted[name].part),
      paymentPatience: world.random.pick(patience),
      onCall: seen.called,
    }),
    codec: bug.codec?.(codec) ?? codec,
    servers(process) {
      const store = world.storeOf(process.participant)
      return {
        broker: bug.broker?.(broker, process, world) ?? broker,
        store: bug.store?.(store) ?? store,
      }
    },
  })
  const api = sender(await broker.producer())
  const shelf = memoryStoryShelf()
  if (tracked) {
    const ports = {
      broker,
      shelf,
      contracts,
      clock: world.clock,
      log: createLogger({ service: 'tracker', level: 'silent' }),
    }
    void runTracker({ ...ports, onFatal: (error) => void seen.broken.add(String(error)) })
  }

  return {
    world,
    cluster,
    sandbox,
    rows: seen.rows,
    broken: seen.broken,
    onRow: seen.onRow,
    edges: () => Object.assign({}, ...names.map((name) => counted[name].counts())),
    say(type, orderId, data, id = `${type} ${orderId}`) {
      if (type === 'PlaceOrder') seen.expect(orderId)
      const envelope = { id, type, source: 'outside', sagaId: orderId, time: scheduler.now(), trace: {} }
      void api.send(codec.encode({ ...envelope, data: { orderId, ...data } }))
    },
    sayRaw: (message) => void api.send(message),
    async isAtRest() {
      if (!seen.isSatisfied()) return false
      if ((await unread(broker, tracked ? [...names, 'tracker'] : names)) > 0) return false
      const all = Array.from({ length: partitions }, (_, partition) => partition)
      const due = { partitions: all, now: Number.POSITIVE_INFINITY, limit: 1 }
      for (const name of names) if ((await world.storeOf(name).dueHeads(due)).length > 0) return false
      return true
    },
    sources: {
      broker,
      codec,
      async journal(name) {
        const sagas = [...new Set(seen.rows[name].map(({ sagaId }) => sagaId))]
        return { rows: seen.rows[name], heads: await world.storeOf(name).readHeads(sagas) }
      },
      stories: async () => (tracked ? await allStories(shelf) : null),
      ledger: async () => [...ledger.entries()],
      now: scheduler.now,
    },
  }
}
