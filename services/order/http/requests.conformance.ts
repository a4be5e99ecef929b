import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { v7 } from 'uuid'
import type { OrderRequest, RequestStore } from './requests.ts'

type Opened = { readonly requests: RequestStore; close(): Promise<void> }

/** The promises of `RequestStore`; every implementation must pass. `open` gives a store that nobody else uses. */
export function requestStoreConformance(name: string, open: () => Promise<Opened>): void {
  describe(`${name} as request store`, () => {
    let opened: Opened
    let requests: RequestStore
    beforeAll(async () => {
      opened = await open()
      requests = opened.requests
    })
    afterAll(() => opened?.close())

    test('the first claim of a key gets its own request back', async () => {
      const request = aRequest()
      expect(await requests.claim(request)).toEqual(request)
    })

    test('a later claim of the key gets the first request, unchanged', async () => {
      const first = aRequest()
      await requests.claim(first)
      expect(await requests.claim(aRequest({ key: first.key, bodyHash: 'other' }))).toEqual(first)
    })

    test('50 simultaneous claims of one key agree on one request, found by its order id by each of them', async () => {
      const key = v7()
      const found = await Promise.all(
        Array.from({ length: 50 }, async () => {
          const { orderId } = await requests.claim(aRequest({ key }))
          return requests.byOrderIds([orderId])
        }),
      )
      expect(new Set(found.map(([request]) => request?.orderId)).size).toBe(1)
      expect(found.every(([request]) => request?.key === key)).toBe(true)
    })

    test('the order id of a claim that came too late leads nowhere', async () => {
      const first = aRequest()
      const late = aRequest({ key: first.key })
      await requests.claim(first)
      await requests.claim(late)
      expect(await requests.byOrderIds([late.orderId])).toEqual([])
    })

    test('many orders are found at once, each once, and unknown ones are absent', async () => {
      const a = await requests.claim(aRequest())
      const b = await requests.claim(aRequest())
      const found = await requests.byOrderIds([a.orderId, v7(), b.orderId, a.orderId])
      expect(found.toSorted((x, y) => x.orderId.localeCompare(y.orderId))).toEqual([a, b])
      expect(await requests.byOrderIds([])).toEqual([])
    })

    test('requests are forgotten by age, the oldest first and a few at a time, and their keys are free again', async () => {
      const old = await Promise.all(
        [3_000, 1_000, 2_000, 1_500].map((at) => requests.claim(aRequest({ at }))),
      )
      const young = await requests.claim(aRequest({ at: 4_000 }))
      const left = async () =>
        (await requests.byOrderIds([...old, young].map(({ orderId }) => orderId))).map(({ at }) => at)
      expect(await requests.purge(1_000, 10)).toBe(0)
      expect(await requests.purge(4_000, 2)).toBe(2)
      expect((await left()).sort()).toEqual([2_000, 3_000, 4_000])
      expect(await requests.purge(4_000, 10)).toBe(2)
      expect(await requests.purge(4_000, 10)).toBe(0)
      expect(await left()).toEqual([4_000])
      const again = aRequest({ key: old[0]?.key ?? '' })
      expect(await requests.claim(again)).toEqual(again)
    })

    test('a key that looks like an order id does not get in the way of that order', async () => {
      const order = await requests.claim(aRequest())
      await requests.claim(aRequest({ key: order.orderId }))
      await requests.claim(aRequest({ key: `order:${order.orderId}` }))
      expect(await requests.byOrderIds([order.orderId])).toEqual([order])
    })
  })
}

function aRequest(change: Partial<OrderRequest> = {}): OrderRequest {
  const orderId = v7()
  return {
    key: v7(),
    bodyHash: 'b0d1',
    orderId,
    commandId: v7(),
    command: {
      orderId,
      customerId: 'customer-1',
      items: [{ sku: 'MUG-1', quantity: 2, unitPrice: 1450 }],
      amount: 2900,
      currency: 'EUR',
      paymentToken: 'tok_ok',
      shipTo: { name: 'Ada', street: 'Main 1', city: 'London', postcode: '12345', country: 'GB' },
    },
    at: 1_700_000_000_000,
    ...change,
  }
}
