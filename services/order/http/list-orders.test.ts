import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { placedAndPaid, type ServedApi, serveApi } from './order-api.fixtures.ts'

let api: ServedApi
beforeEach(async () => {
  api = await serveApi()
})
afterEach(() => api.close())

/** Places orders; every second one gets as far as shipping. */
async function placeOrders(count: number): Promise<string[]> {
  const ids: string[] = []
  for (let i = 0; i < count; i++) {
    const { body } = await api.place()
    const said = placedAndPaid(body, api.commands[i] as never)
    await api.tell(body.orderId, ...said.slice(0, i % 2 === 0 ? 1 : 2))
    ids.push(body.orderId)
  }
  return ids
}

describe('listing orders', () => {
  test('shows the newest first, without their history', async () => {
    const ids = await placeOrders(3)
    const { status, body, headers } = await api.get('/orders')
    expect(status).toBe(200)
    expect(body.orders.map(({ orderId }: { orderId: string }) => orderId)).toEqual(ids.toReversed())
    expect(body.orders[0]).toEqual({
      orderId: ids[2],
      state: 'paying',
      ended: false,
      amount: 2900,
      currency: 'EUR',
      placedAt: expect.any(String),
      updatedAt: expect.any(String),
    })
    expect([body.next, headers.get('Link')]).toEqual([undefined, null])
  })

  test('pages through all of them by following the next link, each order once', async () => {
    const ids = await placeOrders(7)
    const seen: string[] = []
    let next: string | undefined = '/orders?limit=3'
    while (next) {
      const { body, headers } = await api.get(next)
      seen.push(...body.orders.map(({ orderId }: { orderId: string }) => orderId))
      next = /<([^>]+)>; rel="next"/.exec(headers.get('Link') ?? '')?.[1]
      expect(next === undefined).toBe(body.next === undefined)
    }
    expect(seen).toEqual(ids.toReversed())
  })

  test('keeps its place while new orders come in', async () => {
    const ids = await placeOrders(4)
    const first = await api.get('/orders?limit=2')
    await api.tell('newer', { type: 'PlaceOrder', data: { ...api.commands[0]?.data, orderId: 'newer' } })
    const second = await api.get(`/orders?limit=2&cursor=${first.body.next}`)
    expect(second.body.orders.map(({ orderId }: { orderId: string }) => orderId)).toEqual([ids[1], ids[0]])
  })

  test('filters by state and keeps the filter in the next link', async () => {
    const ids = await placeOrders(5)
    const first = await api.get('/orders?state=paying&limit=2')
    expect(first.body.orders.map(({ orderId }: { orderId: string }) => orderId)).toEqual([ids[4], ids[2]])
    expect(first.headers.get('Link')).toContain('state=paying')
    const rest = await api.get(`/orders?state=paying&limit=2&cursor=${first.body.next}`)
    expect(rest.body.orders.map(({ orderId }: { orderId: string }) => orderId)).toEqual([ids[0]])
  })

  test('leaves out what nobody placed', async () => {
    await api.tell('never-placed', { type: 'CancelOrder', data: { orderId: 'never-placed', reason: 'x' } })
    expect((await api.get('/orders')).body).toEqual({ orders: [] })
  })

  test('shows an order whose cancellation overtook it as accepted', async () => {
    const { body } = await api.place()
    await api.tell(body.orderId, { type: 'CancelOrder', data: { orderId: body.orderId, reason: 'x' } })
    expect((await api.get('/orders')).body.orders).toMatchObject([
      { orderId: body.orderId, state: 'accepted' },
    ])
  })

  test.each([
    'abc',
    'W10',
    Buffer.from('[-1,"x"]').toString('base64url'),
    Buffer.from('[1]').toString('base64url'),
  ])('refuses a cursor that it did not make: %s', async (cursor) => {
    const { status, body } = await api.get(`/orders?cursor=${cursor}`)
    expect([status, body.code]).toEqual([400, 'invalid-cursor'])
  })

  test.each([
    'limit=0',
    'limit=101',
    'limit=ten',
    'state=lost',
    'status=paying',
    'limit=1&limit=2',
    'cursor=',
  ])('refuses the query %s', async (query) => {
    const { status, body } = await api.get(`/orders?${query}`)
    expect([status, body.code]).toEqual([400, 'invalid-request'])
    expect(body.errors).toHaveLength(1)
  })
})
