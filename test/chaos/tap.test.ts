import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { topics } from '#contracts'
import { type Broker, type BrokerRecord, memoryBroker, type OutgoingMessage, type Producer } from '#messaging'
import { stepsTopic } from '#orchestration'
import { eventually } from '../shop.ts'
import { openTap, type Tap } from './tap.ts'

let broker: Broker
let producer: Producer
let tap: Tap
let said: BrokerRecord[]

beforeEach(async () => {
  broker = memoryBroker()
  const admin = await broker.admin()
  await admin.createTopics(topics)
  await admin.close()
  producer = await broker.producer()
  tap = await openTap(broker)
  said = []
  await broker.consume({
    groupId: 'listener',
    topics: ['order.events', stepsTopic],
    assignment: 'standalone',
    handler: { onRecords: (records) => void said.push(...records) },
  })
})

afterEach(async () => {
  await tap.close()
  await producer.close()
})

function event(id: string, key = 'order-1'): OutgoingMessage {
  return { topic: 'order.events', key, value: Buffer.from(id), headers: { ce_id: id } }
}

const heard = () => said.map(({ headers }) => headers.ce_id).sort()

test('while it duplicates, everything is said twice, in the same words, and nothing three times', async () => {
  tap.duplicate(true)
  await producer.send([event('a'), event('b', 'order-2')])
  await eventually(async () => expect(tap.sentAgain()).toBe(2))
  await tap.quiet()
  tap.duplicate(false)
  await producer.send([event('c')])
  await eventually(async () => expect(heard()).toEqual(['a', 'a', 'b', 'b', 'c']))
  const [first, again] = said.filter(({ headers }) => headers.ce_id === 'a')
  expect(again).toMatchObject({ key: first?.key, value: first?.value, partition: first?.partition })
})

test('says old messages again, in their order, as many as are asked for', async () => {
  await producer.send(['1', '2', '3', '4', '5'].map((id) => event(id)))
  await eventually(async () => expect(said).toHaveLength(5))
  await eventually(async () => {
    said = said.filter(({ headers }) => !headers.chaos)
    expect(await tap.replay(3)).toBe(3)
  })
  await eventually(async () => expect(said.length).toBeGreaterThanOrEqual(8))
  const again = said.filter(({ headers }) => headers.chaos).map(({ headers }) => Number(headers.ce_id))
  expect(again).toEqual(again.toSorted((a, b) => a - b))
})

test('knows when an order has ended, by its own last step', async () => {
  const step = (participant: string, status: string) => ({
    topic: stepsTopic,
    key: 'order-9',
    value: Buffer.from(JSON.stringify({ participant, state: { status } })),
    headers: {},
  })
  await producer.send([step('order', 'active'), step('payment', 'done')])
  await eventually(async () => expect(said).toHaveLength(2))
  expect(tap.ended.has('order-9')).toBe(false)
  await producer.send([step('order', 'done')])
  await eventually(async () => expect(tap.ended.get('order-9')).toBeGreaterThan(0))
})
