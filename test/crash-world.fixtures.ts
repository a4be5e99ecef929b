import { contracts, topics } from '#contracts'
import { type Broker, type BrokerRecord, createCodec, memoryBroker, memoryRegistry } from '#messaging'
import { type JournalRow, memoryStore, type Participant, type Store } from '#orchestration'
import { type ManualClock, manualClock } from '../orchestration/manual-clock.fixtures.ts'
import { type Choice, placeOrderCommand } from '../scripts/shop/example-order.ts'
import { invariants, outcomeOf, type Scene, topState } from '../services/cast.ts'
import { usualBehaviour } from '../services/sandbox/behaviour.ts'
import { openLedger } from '../services/sandbox/ledger.ts'
import type { Sandbox } from '../services/sandbox/operation.ts'
import { inTurn } from '../services/sandbox/turns.ts'

export const names = ['order', 'payment', 'shipping'] as const
export type Name = (typeof names)[number]

export const orderId = 'order-1'
export const codec = await createCodec({ contracts, registry: memoryRegistry(contracts) })

/** One order's whole world in memory: what outlives every process, and what is seen of it from outside. */
export type World = {
  readonly clock: ManualClock
  readonly broker: Broker
  readonly stores: Readonly<Record<Name, Store>>
  readonly sandbox: Sandbox
  /** Everything that the broker holds. */
  readonly records: readonly BrokerRecord[]
  /** Every row that was inserted, in the order of the inserts. */
  readonly rows: Readonly<Record<Name, readonly JournalRow[]>>
  /** What did not hold in some moment: invariants of the cast after an insert, or the order of row and call. */
  readonly broken: ReadonlySet<string>
  scene(): Scene
  /** To be told of each call to the outside, as it begins. */
  called(idempotencyKey: string): void
  /** Records of a participant's topics that no commit covers. */
  lag(name: Name): Promise<bigint>
  place(choice: Choice): Promise<void>
  cancel(): Promise<void>
  /** A person's word to a participant. */
  signal(type: string, data?: Readonly<Record<string, unknown>>): Promise<void>
  /** The order has an ending, nothing is under way, and nothing is due any more. */
  isSettled(): Promise<boolean>
}

export async function createWorld(parts: Readonly<Record<Name, Participant>>): Promise<World> {
  const clock = manualClock()
  const broker = memoryBroker()
  const admin = await broker.admin()
  // One order needs one partition of each, and a run costs half as much.
  await admin.createTopics(topics.map((topic) => ({ ...topic, partitions: 1 })))
  const producer = await broker.producer()
  const records = await listen(broker)
  const rows: Record<Name, JournalRow[]> = { order: [], payment: [], shipping: [] }
  const scene: Record<Name, string> = { order: 'absent', payment: 'absent', shipping: 'absent' }
  const broken = new Set<string>()

  function watched(name: Name): Store {
    const store = memoryStore()
    return {
      ...store,
      async insertRows(batch) {
        const results = await store.insertRows(batch)
        batch.filter((_, i) => results[i] === 'inserted').forEach((row) => void inserted(name, row))
        return results
      },
    }
  }

  function inserted(name: Name, row: JournalRow): void {
    rows[name].push(row)
    if (row.state) scene[name] = topState(row.state.value)
    for (const { name: invariant, holds } of invariants) if (!holds(scene)) broken.add(invariant)
  }

  function called(idempotencyKey: string): void {
    const asked = names.flatMap((name) => rows[name].flatMap((row) => row.effects.started))
    if (!asked.some((effect) => effect.idempotencyKey === idempotencyKey))
      broken.add('an effect runs only when the row that asks for it is stored')
  }

  async function lag(name: Name): Promise<bigint> {
    const { partitions } = await admin.lag(name, parts[name].topics)
    return partitions.reduce((sum, partition) => sum + partition.lag, 0n)
  }

  let said = 0
  async function say(type: string, data: Readonly<Record<string, unknown>>): Promise<void> {
    const envelope = { id: `${type}-${++said}`, type, source: 'outside', sagaId: orderId, time: clock.now() }
    await producer.send([codec.encode({ ...envelope, trace: {}, data: { orderId, ...data } })])
  }

  const stores = { order: watched('order'), payment: watched('payment'), shipping: watched('shipping') }

  async function isCaughtUp(name: Name): Promise<boolean> {
    const [head] = await stores[name].readHeads([orderId])
    const owesNothing = (head?.dueAt ?? null) === null
    return (head?.seq ?? 0) === rows[name].length && owesNothing && (await lag(name)) === 0n
  }

  return {
    clock,
    broker,
    stores,
    sandbox: {
      ledger: await openLedger(),
      clock,
      behaviour: usualBehaviour(),
      inTurn: inTurn(),
      failed: new Set(),
    },
    records,
    rows,
    broken,
    scene: () => ({ ...scene }),
    called,
    lag,
    place: (choice) => say('PlaceOrder', placeOrderCommand(orderId, choice)),
    cancel: () => say('CancelOrder', { reason: 'changed my mind' }),
    signal: (type, data = {}) => say(type, { reason: 'somebody looked into it', ...data }),
    async isSettled() {
      if (outcomeOf(scene) === undefined) return false
      for (const name of names) if (!(await isCaughtUp(name))) return false
      return true
    },
  }
}

async function listen(broker: Broker): Promise<readonly BrokerRecord[]> {
  const heard: BrokerRecord[] = []
  await broker.consume({
    groupId: 'audience',
    topics: topics.map(({ name }) => name),
    assignment: 'standalone',
    handler: { onRecords: (records) => void heard.push(...records) },
  })
  return heard
}
