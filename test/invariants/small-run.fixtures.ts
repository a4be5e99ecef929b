import { contracts } from '#contracts'
import type { Broker } from '#messaging'
import { controlMessage, runTracker, type StoryStore } from '#orchestration'
import { silent } from '../../orchestration/faults.fixtures.ts'
import { quiet, turn, until } from '../../orchestration/manual-clock.fixtures.ts'
import { amount, placeOrderCommand } from '../../scripts/shop/example-order.ts'
import { outcomeOf, topState } from '../../services/cast.ts'
import { type Bug, startProcess } from '../crash-processes.fixtures.ts'
import { codec } from '../crash-world.fixtures.ts'
import { gather } from './collect.ts'
import type { AcceptedOrder, Evidence, Fault, Name, RunFacts, SeenSpan } from './evidence.ts'
import { names } from './parts.ts'
import { recordSpans } from './recorded-spans.fixtures.ts'
import { replayInto } from './replay-all.ts'
import { openSmallShop, type SmallShop } from './small-shop.fixtures.ts'

/** Where a bug may sit: below the processes, in the API, in the tracker's store, on the way of the spans, or in the run itself. */
export type Seams = Bug & {
  api?(broker: Broker): Broker
  stories?(store: StoryStore): StoryStore
  spans?(spans: SeenSpan[]): SeenSpan[]
  /** Default: every participant is killed once. */
  readonly kills?: readonly Kill[]
  /** A path that no order takes. */
  readonly untaken?: string
}

/** A participant dies when there are so many rows of its own. */
type Kill = { readonly target: Name; readonly rows: number }

const kills: readonly Kill[] = [
  { target: 'payment', rows: 4 },
  { target: 'order', rows: 12 },
  { target: 'shipping', rows: 3 },
]

type Path = {
  readonly name: string
  readonly paymentToken: string
  readonly postcode: string
  readonly ending: string
  /** What the customer does beside placing it: asks for it twice, or cancels it while it is paid. */
  readonly also?: 'repeats' | 'cancels'
}

const delivered = { name: 'delivered', paymentToken: 'tok_ok', postcode: '10115', ending: 'delivered' }

const paths: readonly Path[] = [
  delivered,
  { ...delivered, name: 'asked for twice', also: 'repeats' },
  { ...delivered, name: 'declined', paymentToken: 'tok_declined', ending: 'declined' },
  { ...delivered, name: 'shipment refused', postcode: '00000', ending: 'cancelled' },
  { ...delivered, name: 'payment silent', paymentToken: 'tok_silent', ending: 'cancelled' },
  {
    ...delivered,
    name: 'cancelled while paying',
    paymentToken: 'tok_slow',
    also: 'cancels',
    ending: 'cancelled',
  },
  { ...delivered, name: 'charged without an answer', paymentToken: 'tok_timeout_after_charge' },
]

/** Longer than events wait for a saga that nobody starts. */
const unstartedLimit = 600_000

/** One order of each path, three deaths, a record that nobody can read, and a replay: everything that the invariants judge, in memory. */
export async function smallRun(bug: Seams = {}): Promise<Evidence> {
  const recorded = recordSpans()
  const shop = await openSmallShop((broker) => bug.api?.(broker) ?? broker)
  const processes = new Map<Name, { kill(): Promise<void> }>()
  const plan = (bug.kills ?? kills).map((kill) => ({ ...kill, firedAt: null as number | null }))

  async function restart(name: Name): Promise<void> {
    await processes.get(name)?.kill()
    processes.set(name, await startProcess(shop, name, { bug, diesAt: () => false }))
  }

  async function killWhatIsDue(): Promise<void> {
    for (const kill of plan) {
      if (kill.firedAt !== null || shop.rows[kill.target].length < kill.rows) continue
      kill.firedAt = Date.now()
      await restart(kill.target)
    }
  }

  for (const name of names) await restart(name)
  const tracker = await runTracker({
    broker: shop.broker,
    shelf: {
      ...shop.stories,
      async open(generation) {
        const store = await shop.stories.open(generation)
        return bug.stories?.(store) ?? store
      },
    },
    contracts,
    log: silent,
    clock: shop.clock,
    onFatal() {},
  })
  try {
    const taken = paths.filter(({ name }) => name !== bug.untaken)
    const orders = await placeAll(shop, taken)
    await sayWhatNobodyTakes(shop)
    await settle(shop, orders, killWhatIsDue)
    await discardWhatIsHeld(shop)
    // Cold caches: what a process remembers must not hide what its store forgot.
    for (const name of names) await restart(name)
    const replay = await replayInto(shop.sources, {
      limitMs: 500,
      async pause() {
        shop.clock.advance(20)
        await turn()
      },
    }).catch(() => null)
    await quiet(shop.clock, 20)
    const facts: RunFacts = {
      orders,
      paths,
      faults: plan.map(({ target, firedAt }): Fault => ({ kind: 'kill', target, firedAt })),
      withKills: plan.length > 0,
      calmSince: Math.max(0, ...plan.map(({ firedAt }) => firedAt ?? 0)),
      limitMs: 60_000,
      spans: bug.spans?.(recorded.ended()) ?? recorded.ended(),
      replay,
    }
    return await gather(shop.sources, facts)
  } finally {
    for (const process of processes.values()) await process.kill()
    await tracker.stop(0)
    recorded.stop()
  }
}

async function placeAll({ say }: SmallShop, taken: readonly Path[]): Promise<AcceptedOrder[]> {
  const orders: AcceptedOrder[] = []
  for (const [i, { name, ending, paymentToken, postcode, also }] of taken.entries()) {
    const orderId = `order-${i + 1}`
    const order = placeOrderCommand(orderId, { paymentToken, postcode })
    for (let asked = 0; asked < (also === 'repeats' ? 2 : 1); asked++) await say('PlaceOrder', orderId, order)
    orders.push({ orderId, acceptedAt: Date.now(), amount, path: name, endings: [ending] })
  }
  return orders
}

/** A record that is no Avro, and an event of an order that nobody places. */
async function sayWhatNobodyTakes({ sayRaw, clock }: SmallShop): Promise<void> {
  const event = { id: 'stray', type: 'OrderDelivered', source: 'elsewhere', time: clock.now(), trace: {} }
  const stray = codec.encode({ ...event, sagaId: 'stray', data: { orderId: 'stray' } })
  await sayRaw(stray)
  const headers = { ...stray.headers, ce_id: 'garbled', ce_subject: 'garbled' }
  await sayRaw({ ...stray, key: 'garbled', headers, value: Buffer.from('garbled') })
}

/** As an operator does about what nobody can read. */
async function discardWhatIsHeld({ sayRaw, rows, clock }: SmallShop): Promise<void> {
  const held = rows.payment.find(({ outcome }) => outcome === 'held')
  if (!held) return
  const discard = { id: 'discard', command: 'discard', by: 'operator', reason: 'garbled' } as const
  await sayRaw(controlMessage('payment', held.sagaId, { ...discard, row: held._id }))
  await quiet(clock, 20)
}

/** Until every order has an ending and everything is read; gives up in time for a run that has a bug. */
async function settle(
  shop: SmallShop,
  orders: readonly AcceptedOrder[],
  meanwhile: () => Promise<void>,
): Promise<void> {
  const cancelled = new Set<string>()

  async function cancelWhatIsPaid(): Promise<void> {
    for (const { orderId, path } of orders) {
      const cancels = paths.find(({ name }) => name === path)?.also === 'cancels'
      if (!cancels || cancelled.has(orderId)) continue
      if (!shop.rows.payment.some(({ sagaId }) => sagaId === orderId)) continue
      cancelled.add(orderId)
      await shop.say('CancelOrder', orderId, { reason: 'changed my mind' })
    }
  }

  async function isSettled(): Promise<boolean> {
    await meanwhile()
    await cancelWhatIsPaid()
    const ended = orders.every(({ orderId }) => outcomeOf(sceneIn(shop, orderId)) !== undefined)
    return ended && (await shop.lag()) === 0
  }

  await until(shop.clock, 'everything is settled', isSettled, 1_000).catch(() => {})
  shop.clock.advance(unstartedLimit)
  await quiet(shop.clock)
}

function sceneIn({ rows }: SmallShop, orderId: string) {
  const stateOf = (name: Name) => {
    const state = rows[name].findLast(({ sagaId }) => sagaId === orderId)?.state
    return state ? topState(state.value) : 'absent'
  }
  return { order: stateOf('order'), payment: stateOf('payment'), shipping: stateOf('shipping') }
}
