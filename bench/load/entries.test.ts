import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from '@jest/globals'
import { contracts, topics } from '#contracts'
import { type BrokerRecord, createCodec, memoryBroker, memoryRegistry } from '#messaging'
import { amount } from '../../scripts/shop/example-order.ts'
import { quote } from '../../services/order/catalogue.ts'
import { delivered, refused, wayOf } from '../workload.ts'
import { httpEntry } from './http-entry.ts'
import { kafkaEntry } from './kafka-entry.ts'

test('nine orders of ten are delivered, the tenth is refused', () => {
  const ways = Array.from({ length: 20 }, (_, index) => wayOf(index))
  expect(ways.filter((way) => way === delivered)).toHaveLength(18)
  expect([ways[9], ways[19]]).toEqual([refused, refused])
})

test('an order that goes to Kafka is the command that the API makes of it', async () => {
  const broker = memoryBroker()
  const admin = await broker.admin()
  await admin.createTopics(topics)
  const heard = Promise.withResolvers<BrokerRecord | undefined>()
  await broker.consume({
    groupId: 'test',
    topics: ['order.commands'],
    assignment: 'standalone',
    handler: { onRecords: ([first]) => heard.resolve(first) },
  })
  const codec = await createCodec({ contracts, registry: memoryRegistry(contracts) })
  const entry = await kafkaEntry(broker, codec)
  const orderId = await entry.place(delivered)
  await entry.close()
  const record = await heard.promise
  if (!record) throw new Error('nothing was said')
  const { type, sagaId, data } = await codec.decode(record)
  expect([type, sagaId]).toEqual(['PlaceOrder', orderId])
  const items = data.items as Parameters<typeof quote>[0]
  expect(quote(items)).toEqual({ items, amount })
  expect(data).toMatchObject({ orderId, amount, shipTo: { postcode: delivered.postcode } })
})

/** An API that answers every order with this status and hears what it was asked with. */
async function api(status: number) {
  const keys: unknown[] = []
  let connections = 0
  const server = createServer((request, response) => {
    keys.push(request.headers['idempotency-key'])
    response.writeHead(status, { location: `/orders/order-${keys.length}` }).end()
  })
  server.on('connection', () => void connections++)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { address, keys, connections: () => connections, close: () => server.close() }
}

test('over HTTP each address gets its share, on a connection that is kept, and no two requests have one key', async () => {
  const apis = [await api(202), await api(202)]
  const entry = httpEntry(apis.map(({ address }) => address))
  const placed: unknown[] = []
  for (let index = 0; index < 6; index++) placed.push(await entry.place(delivered))
  await entry.close()
  expect(placed).toEqual(['order-1', 'order-1', 'order-2', 'order-2', 'order-3', 'order-3'])
  expect(apis.map(({ connections }) => connections())).toEqual([1, 1])
  expect(new Set(apis.flatMap(({ keys }) => keys)).size).toBe(6)
  for (const one of apis) one.close()
})

test.each([503, 429])('an API that answers %d has too much to do', async (status) => {
  const busy = await api(status)
  const entry = httpEntry([busy.address])
  expect(await entry.place(delivered)).toBeUndefined()
  await entry.close()
  busy.close()
})

test('any other answer is a failure', async () => {
  const broken = await api(500)
  const entry = httpEntry([broken.address])
  await expect(entry.place(delivered)).rejects.toThrow('POST /orders answers 500')
  await entry.close()
  broken.close()
})

test('over HTTP a request that met a connection in its last moment goes out again under its key', async () => {
  const keys: unknown[] = []
  const served = new WeakSet<object>()
  const server = createServer((request, response) => {
    keys.push(request.headers['idempotency-key'])
    if (served.has(request.socket)) request.socket.destroy()
    else response.writeHead(202, { location: '/orders/order-1' }).end()
    served.add(request.socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const entry = httpEntry([`http://127.0.0.1:${(server.address() as AddressInfo).port}`])
  try {
    const repeated = () => keys.length - new Set(keys).size
    for (let placed = 0; placed < 20 && repeated() === 0; placed++)
      expect(await entry.place(delivered)).toBe('order-1')
    expect(repeated()).toBeGreaterThan(0)
  } finally {
    await entry.close()
    server.close()
  }
})
