import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { amount } from '../scripts/shop/example-order.ts'
import { endingOf, placeOrder } from '../scripts/shop/scenarios.ts'
import type { Shop } from '../scripts/shop/shop.ts'
import { invariants, outcomeOf, type Scene } from '../services/cast.ts'
import { balances, eventually, scenes } from './shop.ts'

/** Every way of an order to its ending, in a shop that this starts; outside, money and parcels have to tell the same. */
export function endingsConformance(start: () => Promise<Shop>): void {
  let shop: Shop
  let api: string
  const placed: string[] = []

  beforeAll(async () => {
    shop = await start()
    api = shop.addresses.order ?? ''
  }, 120_000)
  afterAll(() => shop?.stop(), 60_000)

  async function place(paymentToken = 'tok_ok', postcode = '10115', key?: string): Promise<string> {
    const orderId = await placeOrder(api, { paymentToken, postcode }, key)
    placed.push(orderId)
    return orderId
  }

  const cancel = (orderId: string) => fetch(`${api}/orders/${orderId}/cancellation`, { method: 'POST' })

  async function balanceOf(orderId: string) {
    const { captured = 0, refunded = 0, delivered = false } = (await balances(shop)).get(orderId) ?? {}
    return { captured, refunded, delivered }
  }

  const isIn = (orderId: string, scene: Partial<Scene>) =>
    eventually(async () => expect((await scenes(shop, [orderId])).get(orderId)).toMatchObject(scene))

  /** A person's word to a participant, on its control topic. */
  async function signal(type: string, orderId: string, data: Record<string, unknown> = {}): Promise<void> {
    const { broker, codec } = shop.infrastructure
    const producer = await broker.producer()
    const about = { id: randomUUID(), type, source: 'operator', sagaId: orderId, time: Date.now(), trace: {} }
    await producer.send([codec.encode({ ...about, data: { orderId, reason: 'looked into it', ...data } })])
    await producer.close()
  }

  async function callSandbox<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${shop.addresses.sandbox}${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    })
    expect(response.status).toBe(200)
    return (await response.json()) as T
  }

  const paidAndSent = { captured: amount, refunded: 0, delivered: true }
  const nothingTaken = { captured: 0, refunded: 0, delivered: false }
  const keptForNothing = { captured: amount, refunded: 0, delivered: false }
  const givenBack = { captured: amount, refunded: amount, delivered: false }

  test('is delivered', async () => {
    const orderId = await place()
    expect(await endingOf(api, orderId)).toBe('delivered')
    expect(await balanceOf(orderId)).toEqual(paidAndSent)
  }, 60_000)

  test('is declined when the payment is', async () => {
    const orderId = await place('tok_declined')
    expect(await endingOf(api, orderId)).toBe('declined')
    expect(await balanceOf(orderId)).toEqual(nothingTaken)
  }, 60_000)

  test('is cancelled and refunded when the carrier refuses', async () => {
    const orderId = await place('tok_ok', '00000')
    expect(await endingOf(api, orderId)).toBe('cancelled')
    expect(await balanceOf(orderId)).toEqual(givenBack)
  }, 60_000)

  test('times out and is cancelled when the payment never answers', async () => {
    const orderId = await place('tok_silent')
    expect(await endingOf(api, orderId)).toBe('cancelled')
    expect(await balanceOf(orderId)).toEqual(nothingTaken)
  }, 60_000)

  test('is delivered and charged once when the provider charges without answering', async () => {
    const orderId = await place('tok_timeout_after_charge')
    expect(await endingOf(api, orderId)).toBe('delivered')
    expect(await balanceOf(orderId)).toEqual(paidAndSent)
  }, 60_000)

  test('is delivered when provider and carrier fail at first', async () => {
    const orderId = await place('tok_error_once', '00001')
    expect(await endingOf(api, orderId)).toBe('delivered')
    expect(await balanceOf(orderId)).toEqual(paidAndSent)
  }, 60_000)

  test('gets its refund when the refund fails at first', async () => {
    const orderId = await place('tok_refund_error_once', '00000')
    expect(await endingOf(api, orderId)).toBe('cancelled')
    expect(await balanceOf(orderId)).toEqual(givenBack)
  }, 60_000)

  test('is cancelled by the customer while the payment is under way, and what was captured is refunded', async () => {
    const orderId = await place('tok_slow')
    await eventually(async () =>
      expect((await scenes(shop, [orderId])).get(orderId)?.payment).toBe('capturing'),
    )
    expect((await cancel(orderId)).status).toBe(202)
    expect(await endingOf(api, orderId)).toBe('cancelled')
    const { captured, refunded, delivered } = await balanceOf(orderId)
    expect({ owed: captured - refunded, delivered }).toEqual({ owed: 0, delivered: false })
  }, 60_000)

  test('cannot be cancelled any more once it is with the carrier', async () => {
    const orderId = await place('tok_ok', '00002')
    await eventually(async () => expect((await scenes(shop, [orderId])).get(orderId)?.order).toBe('shipping'))
    await cancel(orderId)
    expect(await endingOf(api, orderId)).toBe('delivered')
    expect(await balanceOf(orderId)).toEqual(paidAndSent)
  }, 60_000)

  test('waits for a person when its refund stays refused, and ends when they write it off, not before', async () => {
    const orderId = await place('tok_refund_refused', '00000')
    await signal('WriteOffRefund', orderId)
    await isIn(orderId, { order: 'cancelling', payment: 'refundStuck' })
    expect(await balanceOf(orderId)).toEqual(keptForNothing)
    await signal('WriteOffRefund', orderId)
    expect(await endingOf(api, orderId)).toBe('cancelled')
    await isIn(orderId, { payment: 'writtenOff' })
    expect(await balanceOf(orderId)).toEqual(keptForNothing)
  }, 60_000)

  test('waits for a person when its refund stays refused, and ends when they have given it back by hand', async () => {
    const orderId = await place('tok_refund_refused', '00000')
    await isIn(orderId, { payment: 'refundStuck' })
    await callSandbox('PUT', '/behaviour', { payment: { settled: true } })
    const { refundId } = await callSandbox<{ refundId: string }>('POST', '/payments/refunds', { orderId })
    await callSandbox('PUT', '/behaviour', { payment: { settled: false } })
    await signal('ConfirmRefund', orderId, { refundId })
    expect(await endingOf(api, orderId)).toBe('cancelled')
    await isIn(orderId, { payment: 'refunded' })
    expect(await balanceOf(orderId)).toEqual(givenBack)
  }, 60_000)

  test('waits for a person when the carrier lost sight of the parcel, and ends when they have found it delivered', async () => {
    const orderId = await place('tok_ok', '00004')
    await isIn(orderId, { order: 'shipping', shipping: 'recallStuck' })
    type Entries = readonly { readonly kind: string; readonly answer: Record<string, unknown> }[]
    const entries = await callSandbox<Entries>('GET', `/ledger?orderId=${orderId}`)
    const { shipmentId, trackingNumber } = entries.find(({ kind }) => kind === 'shipment')?.answer ?? {}
    await signal('ConfirmDelivery', orderId, { shipmentId, trackingNumber })
    expect(await endingOf(api, orderId)).toBe('delivered')
    expect(await balanceOf(orderId)).toEqual(paidAndSent)
  }, 60_000)

  test('is one order, however often it is asked for under one key', async () => {
    const key = `once-${Date.now()}`
    const ids = await Promise.all(Array.from({ length: 20 }, () => place('tok_ok', '10115', key)))
    expect(new Set(ids).size).toBe(1)
    expect(await endingOf(api, ids[0] ?? '')).toBe('delivered')
    expect(await balanceOf(ids[0] ?? '')).toEqual(paidAndSent)
  }, 60_000)

  test('is found by its outcome in every participant, and no invariant of the cast is broken', async () => {
    await eventually(async () => {
      for (const [orderId, scene] of await scenes(shop, placed)) {
        const outcome = scene.payment === 'writtenOff' ? 'writtenOff' : scene.order
        expect({ orderId, scene, outcome: outcomeOf(scene) }).toMatchObject({ outcome })
        expect(invariants.filter(({ holds }) => !holds(scene))).toEqual([])
      }
    })
  }, 60_000)
}
