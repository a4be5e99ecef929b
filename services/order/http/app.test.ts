import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from '@jest/globals'
import { v7 } from 'uuid'
import { contracts, topics } from '#contracts'
import { createCodec, memoryBroker, memoryRegistry, type OutgoingMessage } from '#messaging'
import { createLogger } from '#observability'
import { memoryStore, runParticipant, systemClock } from '#orchestration'
import { orderApi } from './app.ts'
import { memoryRequests } from './memory-requests.ts'
import { orderPart, twoMugs } from './order-api.fixtures.ts'

test('an order placed over HTTP travels through the broker and the participant, and a client that waits sees its end', async () => {
  const broker = memoryBroker()
  await (await broker.admin()).createTopics(topics)
  const codec = await createCodec({ contracts, registry: memoryRegistry(contracts) })
  const store = memoryStore()
  const log = createLogger({ service: 'test', level: 'silent' })
  const order = await runParticipant(orderPart, {
    broker,
    store,
    codec,
    log,
    onFatal: (error) => {
      throw error
    },
  })
  const producer = await broker.producer()
  let sent = Promise.resolve()
  const send = (message: OutgoingMessage) => {
    sent = sent.then(() => producer.send([message]))
    return sent
  }
  const stopping = new AbortController()
  const app = orderApi({
    store,
    requests: memoryRequests(),
    codec,
    send,
    backlog: { commands: async () => 0, unpaid: async () => 0 },
    readiness: async () => ({ broker: true }),
    clock: systemClock,
    ids: () => v7(),
    log,
    stopping: stopping.signal,
  })
  const server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  try {
    const placing = await fetch(`http://127.0.0.1:${port}/orders`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': v7() },
      body: JSON.stringify(twoMugs),
    })
    const { orderId } = (await placing.json()) as { orderId: string }
    const ended = fetch(`http://127.0.0.1:${port}/orders/${orderId}`, { headers: { Prefer: 'wait=10' } })
    const refusal = { orderId, reason: 'no money' }
    await send(
      codec.encode({
        id: v7(),
        type: 'PaymentDeclined',
        source: 'payment',
        sagaId: orderId,
        time: Date.now(),
        trace: {},
        data: refusal,
      }),
    )
    expect(await (await ended).json()).toMatchObject({
      orderId,
      state: 'declined',
      reason: 'no money',
      amount: 2900,
    })
  } finally {
    stopping.abort()
    server.close()
    server.closeAllConnections()
    await order.stop()
    await producer.close()
  }
})
