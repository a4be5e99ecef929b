import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { OutgoingMessage } from '#messaging'
import { controlMessage } from '#orchestration'
import { straight } from '../scripts/shop/example-order.ts'
import type { ShopOfProcesses } from '../scripts/shop/processes.ts'
import { endingOf, placeOrder } from '../scripts/shop/scenarios.ts'
import type { Lag, SagaView, Stuck } from '../services/tracker/api.ts'
import { eventually, startRealShop } from './shop.ts'

/** Each cause is provoked as it would come about, and the API has to name it and who has to act. */
let shop: ShopOfProcesses
const placed: string[] = []

beforeAll(async () => {
  shop = await startRealShop({
    environment: {
      // Nothing but what a test provokes may move an order on: a call that is not answered stays under way.
      PAYMENT_CALL_TIMEOUT: '100000',
      ORDER_PAYMENT_PATIENCE: '120000',
      PAYMENT_CAPTURE_DEADLINE: '120000',
      PAYMENT_REFUND_PAUSE: '6000',
      SHIPPING_RECALL_ATTEMPTS: '1',
    },
  })
}, 120_000)

afterAll(() => shop?.stop(), 60_000)

const silent = { paymentToken: 'tok_silent', postcode: '10115' }

test('at work: within its deadline', async () => {
  const id = await place(silent)
  const { sentence, until } = await becomes(id, 'working', 'payment', ({ sentence }) =>
    /capturePayment/.test(sentence),
  )
  expect(sentence).toMatch(
    /^Waiting in `capturing\.wanted` \(payment\) for capturePayment, attempt 1, since /,
  )
  expect(until).not.toBeNull()
})

test('dead letter: an event that nobody can read', async () => {
  const id = await place(silent)
  const forged = await encoded('PaymentCaptured', id, {
    ...{ orderId: id, paymentId: 'pay-1', amount: 1, currency: 'EUR' },
  })
  await say({ ...forged, value: Buffer.from('torn') })
  await becomes(id, 'dead-letter', 'order')
})

test('paused: an operator has stopped it', async () => {
  const id = await place(silent)
  // Who does not know a saga yet takes no command for it.
  await becomes(id, 'working', 'payment')
  const pause = { id: randomUUID(), command: 'pause', by: 'ada', reason: 'the customer has called' } as const
  await say(controlMessage('payment', id, pause))
  expect((await becomes(id, 'paused', 'payment')).sentence).toMatch(/the customer has called$/)
})

test('retry: a company outside does not answer', async () => {
  await behave({ payment: { outage: true } })
  const id = await place(straight)
  expect((await becomes(id, 'retry', 'payment')).sentence).toMatch(/503/)
  await behave({ payment: { outage: false } })
  expect(await endingOf(shop.addresses.order ?? '', id)).toBe('delivered')
})

test('person: the carrier will not say whether the parcel has left', async () => {
  const id = await place({ paymentToken: 'tok_ok', postcode: '00003' })
  const { sentence } = await becomes(id, 'person', 'shipping')
  expect(sentence).toMatch(
    /`recallStuck` \(shipping\) waits for a person .*: RetryRecall, ConfirmDelivery or ConfirmRecall$/,
  )
})

test('ignored: an event came too early, so the one that counts finds nobody who would act on it', async () => {
  await behave({ carrier: { latencyMs: 2_000 } })
  const id = await place({ paymentToken: 'tok_ok', postcode: '00000' })
  await eventually(async () =>
    expect((await saga(id)).parts.find(({ participant }) => participant === 'payment')?.state).toBe(
      'captured',
    ),
  )
  await say(await encoded('OrderDelivered', id, { orderId: id }))
  expect((await becomes(id, 'ignored', 'payment')).sentence).toMatch(
    /^`settled` \(payment\) ignored OrderCancelled at /,
  )
  await behave({ carrier: { latencyMs: 0 } })
})

test('no consumer, and lag: shipping is not there; then it is there, and reads nothing', async () => {
  await shop.terminate('shipping')
  const id = await place(straight)
  expect((await becomes(id, 'no-consumer', 'shipping')).sentence).toMatch(
    /^No process of shipping is running: OrderPaid /,
  )
  const idler = await shop.infrastructure.broker.consume({
    groupId: 'shipping',
    topics: ['order.events', 'shipping.control'],
    assignment: 'co-partitioned',
    handler: { onRecords() {} },
  })
  const { sentence } = await becomes(id, 'lag', 'shipping')
  expect(sentence).toMatch(/^shipping has not read OrderPaid yet, .* behind in order\.events, partition \d+$/)
  await idler.close()
  await shop.restart('shipping')
  expect(await endingOf(shop.addresses.order ?? '', id)).toBe('delivered')
}, 60_000)

test('waiting, and overdue: payment rests until its timer is due, and then its clock is wrong', async () => {
  const id = await place({ paymentToken: 'tok_refund_refused', postcode: '00000' })
  const { sentence } = await becomes(id, 'waiting', 'payment')
  expect(sentence).toMatch(/^Waiting in `refundRefused` \(payment\) until .*; timer refundPause$/)
  expect(await saga(id)).toMatchObject({ isCompensating: true, hasCompensated: true })
  await shop.terminate('payment')
  await shop.restart('payment', { CHORUS_CLOCK_OFFSET: '-3600000' })
  expect((await becomes(id, 'overdue', 'payment')).sentence).toMatch(
    /^The timer refundPause in `refundRefused` /,
  )
}, 60_000)

test('rebuilt from the topics, the tracker tells the same of all of them', async () => {
  const before = await causes()
  const [old] = await trackersGroups()
  await shop.terminate('tracker')
  await shop.restart('tracker', { CHORUS_TRACKER_REBUILD: 'true' })
  expect(await causes()).toEqual(before)
  await eventually(async () => {
    expect(await api('/overview')).toMatchObject({ tracker: { state: 'following' } })
    expect(await trackersGroups()).toEqual([expect.not.stringMatching(`^${old}$`)])
  }, 30_000)
  expect(await causes()).toEqual(before)
}, 60_000)

/** One, and another one while stories are told anew. */
async function trackersGroups(): Promise<string[]> {
  const { groups } = (await api('/lag')) as Lag
  return groups.map(({ group }) => group).filter((group) => group.startsWith('tracker'))
}

type Why = NonNullable<SagaView['why']>

/** Waits until the saga says this of itself; what should not be is then found among what is stuck, too. */
async function becomes(
  id: string,
  cause: Why['cause'],
  responsible: string,
  isMeant: (why: Why) => boolean = () => true,
): Promise<Why> {
  let why: Why | null = null
  await eventually(async () => {
    why = (await saga(id)).why
    expect(why).toMatchObject({ cause, responsible })
    expect(why && isMeant(why)).toBe(true)
  }, 40_000)
  const found = why as unknown as Why
  if (found.isStuck) await eventually(() => isAmongTheStuck(id, found))
  return found
}

async function saga(id: string): Promise<SagaView> {
  return (await api(`/sagas/${id}`)) as SagaView
}

async function isAmongTheStuck(id: string, { cause, responsible }: Why): Promise<void> {
  const { groups } = (await api('/stuck')) as Stuck
  expect(groups).toContainEqual(expect.objectContaining({ cause, responsible }))
  expect(await api(`/sagas?cause=${cause}&q=${id}`)).toMatchObject({ total: 1, sagas: [{ sagaId: id }] })
}

/** Of every order of this suite: how it ended, or why it does not go on. */
async function causes(): Promise<string[]> {
  const views = await Promise.all(placed.map(saga))
  return views.map(({ why, ending }) => (why ? `${why.cause} ${why.responsible}` : `${ending}`))
}

async function api(path: string): Promise<unknown> {
  const response = await fetch(`${shop.addresses.tracker}/api/v1${path}`, {
    signal: AbortSignal.timeout(10_000),
  })
  return await response.json()
}

async function place(order: Parameters<typeof placeOrder>[1]): Promise<string> {
  const id = await placeOrder(shop.addresses.order ?? '', order)
  placed.push(id)
  return id
}

async function behave(change: object): Promise<void> {
  await fetch(`${shop.addresses.sandbox}/behaviour`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(change),
    signal: AbortSignal.timeout(10_000),
  })
}

async function encoded(
  type: string,
  sagaId: string,
  data: Readonly<Record<string, unknown>>,
): Promise<OutgoingMessage> {
  const envelope = { id: randomUUID(), type, source: 'a test', sagaId, time: Date.now(), trace: {}, data }
  return shop.infrastructure.codec.encode(envelope)
}

async function say(message: OutgoingMessage): Promise<void> {
  const producer = await shop.infrastructure.broker.producer()
  await producer.send([message])
  await producer.close()
}
