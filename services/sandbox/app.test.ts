import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createLogger } from '#observability'
import { sandbox as service } from './main.ts'
import {
  aCapture,
  anEntry,
  aShipment,
  type ServedSandbox,
  serveSandbox,
  stoppedClock,
} from './sandbox.fixtures.ts'

let sandbox: ServedSandbox
beforeEach(async () => {
  sandbox = await serveSandbox({ clock: stoppedClock() })
})
afterEach(() => sandbox.close())

describe('the ledger over HTTP', () => {
  test('has every call that was decided, with its key, amount and time', async () => {
    const body = aCapture()
    const { orderId } = body
    await sandbox.post('/payments/captures', body, { key: 'k1' })
    await sandbox.post('/shipments', aShipment(orderId, '00000'), { key: 'k2' })
    await sandbox.post('/payments/refunds', { orderId }, { key: 'k3' })
    await sandbox.post('/shipments/recalls', { orderId }, { key: 'k4' })
    await sandbox.post('/payments/captures', aCapture(), { key: 'k5' })
    const entries = await sandbox.entries(orderId)
    expect(entries).toMatchObject([
      { kind: 'capture', idempotencyKey: 'k1', amount: 2_150, currency: 'EUR', at: 1_000 },
      { kind: 'shipment', idempotencyKey: 'k2', amount: 0, answer: { status: 'refused' } },
      { kind: 'refund', idempotencyKey: 'k3', amount: 2_150, currency: 'EUR' },
      { kind: 'recall', idempotencyKey: 'k4', amount: 0, answer: { status: 'recalled' } },
    ])
    expect((await sandbox.get('/ledger')).body).toHaveLength(5)
    expect(await sandbox.entries('nobody')).toEqual([])
    expect(await sandbox.balance(orderId)).toEqual({
      orderId,
      captured: 2_150,
      refunded: 2_150,
      delivered: false,
      deliveries: 0,
    })
  })

  test.each([0, 1, 200, 401])('lists %i orders as one JSON array', async (count) => {
    const orderIds = Array.from({ length: count }, (_, i) => `order ${i}`)
    await Promise.all(orderIds.map((orderId) => sandbox.ledger.record(anEntry(orderId))))
    const { body } = await sandbox.get('/ledger/balance')
    expect((body as unknown as { orderId: string }[]).map(({ orderId }) => orderId)).toEqual(orderIds)
  })
})

describe('a refusal is a problem document', () => {
  test.each([
    ['without an idempotency key', aCapture(), undefined, 'idempotency-key-missing', 'idempotency'],
    ['without an order', { amount: 1 }, 'k', 'invalid-request', 'orderId'],
    ['of half a cent', aCapture({ amount: 0.5 }), 'k', 'invalid-request', 'amount'],
    ['that is no JSON', '{"orderId"', 'k', 'invalid-request', 'JSON'],
  ])('for a capture %s', async (_, body, key, code, named) => {
    const reply = await sandbox.post('/payments/captures', body, { key })
    expect(reply).toMatchObject({ status: 400, body: { status: 400, code } })
    expect(reply.type).toContain('application/problem+json')
    expect(`${reply.body.title} ${reply.body.detail}`.toLowerCase()).toContain(named.toLowerCase())
    expect((await sandbox.get('/ledger')).body).toEqual([])
  })

  test('for an address where nothing is', async () => {
    expect(await sandbox.get('/payments')).toMatchObject({ status: 404, body: { code: 'route-not-found' } })
  })
})

test('it is alive and ready', async () => {
  expect(await sandbox.get('/livez')).toMatchObject({ status: 200, body: { status: 'live' } })
  expect(await sandbox.get('/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } })
})

test('the service starts from its settings and stops, even while somebody waits for an answer that never comes', async () => {
  const log = createLogger({ service: 'sandbox', level: 'silent' })
  const running = await service.start({ environment: { SANDBOX_PORT: '0' }, log })
  const body = aCapture({ paymentToken: 'tok_silent' })
  const waiting = fetch(`${running.address}/payments/captures`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify(body),
  })
  const cut = expect(waiting).rejects.toThrow('fetch failed')
  expect((await fetch(`${running.address}/readyz`)).status).toBe(200)
  await running.stop()
  await cut
  await expect(fetch(`${running.address}/livez`)).rejects.toThrow('fetch failed')
  await expect(service.start({ environment: { SANDBOX_PORT: 'x' }, log })).rejects.toThrow('SANDBOX_PORT')
})

test('a reader that leaves in the middle of the ledger disturbs nobody', async () => {
  const entries = Array.from({ length: 20_000 }, (_, i) => anEntry(`order ${i}`))
  await Promise.all(entries.map((entry) => sandbox.ledger.record(entry)))
  const socket = connect(Number(new URL(sandbox.address).port), '127.0.0.1')
  socket.write('GET /ledger HTTP/1.1\r\nHost: sandbox\r\n\r\n')
  await new Promise((resolve) => socket.once('data', resolve))
  socket.destroy()
  expect((await sandbox.get('/ledger')).body).toHaveLength(20_000)
})
