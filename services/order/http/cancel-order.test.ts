import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import {
  eventually,
  placedAndPaid,
  type ServedApi,
  serveApi,
  shipmentDelivered,
} from './order-api.fixtures.ts'

let api: ServedApi
let orderId: string
beforeEach(async () => {
  api = await serveApi()
  orderId = (await api.place()).body.orderId
})
afterEach(() => api.close())

function cancel(body?: unknown, headers: Record<string, string> = {}) {
  return api.call('POST', `/orders/${orderId}/cancellation`, { body, headers })
}

async function deliver(): Promise<void> {
  await api.tell(orderId, ...placedAndPaid({ orderId }, api.commands[0] as never), shipmentDelivered(orderId))
}

describe('cancelling an order', () => {
  test('answers 202 with the order and its address once the wish is in Kafka', async () => {
    const { status, headers, body } = await cancel({ reason: 'ordered twice' })
    expect([status, headers.get('Location'), body.orderId]).toEqual([202, `/orders/${orderId}`, orderId])
    expect(api.commands[1]).toMatchObject({
      type: 'CancelOrder',
      sagaId: orderId,
      data: { orderId, reason: 'ordered twice' },
    })
  })

  test('needs no body', async () => {
    expect((await cancel()).status).toBe(202)
    expect(api.commands[1]?.data).toEqual({ orderId, reason: 'customer-request' })
  })

  test('refuses an unknown field and an endless reason', async () => {
    expect((await cancel({ why: 'x' })).body.code).toBe('invalid-request')
    expect((await cancel({ reason: 'x'.repeat(201) })).body.code).toBe('invalid-request')
  })

  test('repeated without a key is the same cancellation', async () => {
    await cancel()
    await cancel({ reason: 'again' })
    expect(api.commands[2]?.id).toBe(api.commands[1]?.id)
  })

  test('repeated with the same key is the same cancellation, with another key another one', async () => {
    for (const key of ['a', 'a', 'b']) await cancel(undefined, { 'Idempotency-Key': key })
    const [, first, same, other] = api.commands.map(({ id }) => id)
    expect(same).toBe(first)
    expect(other).not.toBe(first)
  })

  test('of two orders with one key is two cancellations', async () => {
    await cancel(undefined, { 'Idempotency-Key': 'a' })
    orderId = (await api.place()).body.orderId
    await cancel(undefined, { 'Idempotency-Key': 'a' })
    expect(api.commands[3]?.id).not.toBe(api.commands[1]?.id)
  })

  test('answers 404 for an order that nobody placed', async () => {
    orderId = 'unknown'
    const { status, body } = await cancel()
    expect([status, body.code]).toEqual([404, 'order-not-found'])
  })

  test('answers 409 for an order that has ended', async () => {
    await deliver()
    const { status, body } = await cancel()
    expect([status, body.code]).toEqual([409, 'order-already-ended'])
    expect(api.commands).toHaveLength(1)
  })

  test('repeated after it had its effect is not refused', async () => {
    await cancel()
    const [place, wish] = api.commands
    await api.tell(
      orderId,
      { type: 'PlaceOrder', id: place?.id as string, data: place?.data ?? {} },
      { type: 'CancelOrder', id: wish?.id as string, data: wish?.data ?? {} },
      { type: 'PaymentReleased', data: { orderId, reason: 'cancelled' } },
    )
    const { status, body } = await cancel()
    expect([status, body.state, body.reason]).toEqual([200, 'cancelled', 'customer-request'])
    expect(api.commands).toHaveLength(2)
  })

  test('answers 503 when Kafka does not acknowledge', async () => {
    api.kafka.fails = 1
    const { status, body } = await cancel()
    expect([status, body.code]).toEqual([503, 'outcome-unknown'])
  })

  test('waits for the end when the client prefers that', async () => {
    const answer = cancel(undefined, { Prefer: 'wait=20' })
    await eventually(() => api.commands[1])
    await deliver()
    expect((await answer).body.state).toBe('delivered')
  })
})
