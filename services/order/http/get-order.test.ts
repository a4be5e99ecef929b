import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { RetryableError } from '#messaging'
import {
  eventually,
  placedAndPaid,
  type ServedApi,
  serveApi,
  shipmentDelivered,
} from './order-api.fixtures.ts'

let api: ServedApi
beforeEach(async () => {
  api = await serveApi()
})
afterEach(() => api.close())

async function shippedOrder(): Promise<string> {
  const { body } = await api.place()
  const command = api.commands.at(-1)
  if (!command) throw new Error('no command')
  await api.tell(body.orderId, ...placedAndPaid(body, command))
  return body.orderId
}

describe('showing an order', () => {
  test('tells its state, what was ordered and every step', async () => {
    const orderId = await shippedOrder()
    const { status, body } = await api.get(`/orders/${orderId}`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      orderId,
      state: 'shipping',
      ended: false,
      amount: 2900,
      currency: 'EUR',
      items: [{ sku: 'MUG-1', quantity: 2, unitPrice: 1450 }],
    })
    expect(body.history).toMatchObject([
      {
        seq: 1,
        cause: { kind: 'event', type: 'PlaceOrder' },
        outcome: 'applied',
        emitted: ['OrderPlaced'],
        state: 'paying',
      },
      {
        seq: 2,
        cause: { type: 'PaymentCaptured', source: 'test' },
        emitted: ['OrderPaid'],
        state: 'shipping',
      },
    ])
  })

  test('tells nothing personal', async () => {
    const orderId = await shippedOrder()
    const { text } = await api.get(`/orders/${orderId}`)
    for (const secret of ['Ada', 'Main Street', 'Berlin', '10115', 'tok_ok', 'customer-1'])
      expect(text).not.toContain(secret)
  })

  test('says why it was declined', async () => {
    const { body } = await api.place()
    const [placed] = placedAndPaid(body, api.commands[0] as never)
    await api.tell(body.orderId, placed as never, {
      type: 'PaymentDeclined',
      data: { orderId: body.orderId, reason: 'no money' },
    })
    const shown = await api.get(`/orders/${body.orderId}`)
    expect(shown.body).toMatchObject({ state: 'declined', ended: true, reason: 'no money' })
  })

  test('does not tell of steps that are not published yet', async () => {
    const orderId = await shippedOrder()
    const [row] = await api.store.readRows([`${orderId}:2`])
    if (!row) throw new Error('no row')
    await api.store.insertRows([{ ...row, _id: `${orderId}:3`, seq: 3 }])
    expect((await api.get(`/orders/${orderId}`)).body.history).toHaveLength(2)
  })

  test('shows an order whose command did not come through this API', async () => {
    await shippedOrder()
    const { data } = api.commands[0] as never as { data: object }
    await api.tell('elsewhere', { type: 'PlaceOrder', data: { ...data, orderId: 'elsewhere' } })
    expect((await api.get('/orders/elsewhere')).body).toMatchObject({ state: 'paying', amount: 2900 })
  })

  test('answers 404 for an order that nobody placed, even when somebody cancelled it', async () => {
    await api.tell('never-placed', { type: 'CancelOrder', data: { orderId: 'never-placed', reason: 'x' } })
    for (const id of ['never-placed', 'unknown', '%00', '..%2f..']) {
      const { status, body } = await api.get(`/orders/${id}`)
      expect([status, body.code]).toEqual([404, 'order-not-found'])
    }
  })

  test('answers 503 when the store does not, and says nothing of its insides', async () => {
    const broken = await serveApi({
      store: {
        readHeads: () => Promise.reject(new RetryableError('connection to 10.0.0.7 refused')),
        readRows: async () => [],
        listHeads: async () => [],
        archive: { read: async () => [] },
      },
    })
    try {
      const { status, headers, body, text } = await broken.get('/orders/any')
      expect([status, body.code]).toEqual([503, 'store-unavailable'])
      expect(headers.get('Retry-After')).toBe('1')
      expect(text).not.toContain('10.0.0.7')
      expect(broken.lines.join()).toContain('10.0.0.7')
    } finally {
      await broken.close()
    }
  })
})

describe('the ETag', () => {
  test('makes 304 of an unchanged order and 200 of a changed one', async () => {
    const orderId = await shippedOrder()
    const first = await api.get(`/orders/${orderId}`)
    const etag = first.headers.get('ETag') ?? ''
    expect(etag).toBe('"2"')

    const same = await api.get(`/orders/${orderId}`, { 'If-None-Match': etag })
    expect([same.status, same.text, same.headers.get('ETag')]).toEqual([304, '', etag])
    for (const listed of ['"9", W/"2"', '*']) {
      expect((await api.get(`/orders/${orderId}`, { 'If-None-Match': listed })).status).toBe(304)
    }

    await api.tell(orderId, shipmentDelivered(orderId))
    const changed = await api.get(`/orders/${orderId}`, { 'If-None-Match': etag })
    expect([changed.status, changed.body.state]).toEqual([200, 'delivered'])
  })

  test('changes from accepted to the first step', async () => {
    const { body } = await api.place()
    const accepted = await api.get(`/orders/${body.orderId}`)
    await api.tell(body.orderId, ...placedAndPaid(body, api.commands[0] as never))
    const later = await api.get(`/orders/${body.orderId}`, {
      'If-None-Match': accepted.headers.get('ETag') ?? '',
    })
    expect(later.status).toBe(200)
  })
})

describe('Prefer: wait', () => {
  test('answers once the order has ended', async () => {
    const orderId = await shippedOrder()
    const answer = api.get(`/orders/${orderId}`, { Prefer: 'wait=20' })
    await api.tell(orderId, shipmentDelivered(orderId))
    const { status, headers, body } = await answer
    expect([status, body.state]).toEqual([200, 'delivered'])
    expect(headers.get('Preference-Applied')).toBe('wait=20')
  })

  test('answers at once for an order that has ended already, and for none', async () => {
    const orderId = await shippedOrder()
    await api.tell(orderId, shipmentDelivered(orderId))
    expect((await api.get(`/orders/${orderId}`, { Prefer: 'wait=30' })).body.state).toBe('delivered')
    expect((await api.get('/orders/unknown', { Prefer: 'wait=30' })).status).toBe(404)
  })

  test('of 50 clients costs one read per look', async () => {
    const reads: number[] = []
    const { readHeads } = api.store
    const watched = await serveApi({
      limits: { pollMs: 20 },
      requests: api.requests,
      store: {
        ...api.store,
        async readHeads(ids) {
          if (ids.length > 1) reads.push(ids.length)
          return readHeads(ids)
        },
      },
    })
    try {
      const orders = await Promise.all(Array.from({ length: 50 }, () => shippedOrder()))
      const answers = orders.map((id) => watched.get(`/orders/${id}`, { Prefer: 'wait=20' }))
      await eventually(() => reads.at(-1) === 50)
      const before = reads.length
      await Promise.all(orders.map((id) => api.tell(id, shipmentDelivered(id))))
      for (const answer of answers) expect((await answer).body.state).toBe('delivered')
      expect(reads.length - before).toBeLessThan(10)
    } finally {
      await watched.close()
    }
  })
})
