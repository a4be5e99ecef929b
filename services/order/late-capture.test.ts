import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { contracts, type PlaceOrder, topics } from '#contracts'
import type { Envelope, Producer } from '#messaging'
import { createLogger } from '#observability'
import { type Infrastructure, memoryInfrastructure, type RunningService, systemClock } from '#orchestration'
import { order } from './main.ts'

const orderId = 'order-1'
const place: PlaceOrder = {
  orderId,
  customerId: 'customer-1',
  items: [{ sku: 'MUG-1', quantity: 1, unitPrice: 1450 }],
  amount: 1450,
  currency: 'EUR',
  paymentToken: 'tok_ok',
  shipTo: { name: 'Ada', street: 'Main Street 1', city: 'Berlin', postcode: '10115', country: 'DE' },
}

let infrastructure: Infrastructure
let running: RunningService
let producer: Producer
const said: string[] = []

beforeAll(async () => {
  infrastructure = await memoryInfrastructure(contracts, topics)
  const log = createLogger({ service: 'order', level: 'silent' })
  const onFatal = (error: Error) => log.error(error.message)
  running = await order.start({
    infrastructure,
    environment: { ORDER_PORT: '0' },
    clock: systemClock,
    log,
    onFatal,
  })
  producer = await infrastructure.broker.producer()
  await infrastructure.broker.consume({
    groupId: 'listener',
    topics: ['order.events'],
    assignment: 'standalone',
    handler: {
      onRecords: (records) => void said.push(...records.map(({ headers }) => headers.ce_type ?? '')),
    },
  })
})
afterAll(() => running?.stop())

/** Says something as another service would, and waits until the order has taken it in. */
async function say(type: string, data: Readonly<Record<string, unknown>>): Promise<string> {
  const event: Envelope = {
    id: `${type}-1`,
    type,
    source: 'test',
    sagaId: orderId,
    time: Date.now(),
    trace: {},
    data,
  }
  await producer.send([infrastructure.codec.encode(event)])
  const store = await infrastructure.store('order')
  for (;;) {
    const [head] = await store.readHeads([orderId])
    if (head?.seen.includes(event.id)) return String(head.state?.value)
    await new Promise(setImmediate)
  }
}

test('an order that was cancelled while its payment was under way never ships, and ends when payment has refunded it', async () => {
  expect(await say('PlaceOrder', place)).toBe('paying')
  expect(await say('CancelOrder', { orderId, reason: 'changed my mind' })).toBe('cancelling')
  const payment = { orderId, paymentId: 'p1', amount: 1450, currency: 'EUR' }
  expect(await say('PaymentCaptured', payment)).toBe('cancelling')
  expect(await say('PaymentRefunded', { ...payment, refundId: 'r1' })).toBe('cancelled')
  expect(said).toEqual(['OrderPlaced', 'OrderCancelled'])

  const rows = await (await infrastructure.store('order')).history(orderId)
  expect(rows.map(({ outcome }) => outcome)).toEqual(['applied', 'applied', 'ignored', 'applied'])
})
