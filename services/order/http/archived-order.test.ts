import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { placedAndPaid, type ServedApi, serveApi, shipmentDelivered } from './order-api.fixtures.ts'

let api: ServedApi
let orderId: string
let before: { readonly body: unknown; readonly text: string }

/** An order that was delivered, and shown so; then the housekeeping put it into the archive. */
beforeEach(async () => {
  api = await serveApi()
  const { body } = await api.place()
  orderId = body.orderId
  const command = api.commands.at(-1)
  if (!command) throw new Error('no command')
  const head = await api.tell(orderId, ...placedAndPaid(body, command), shipmentDelivered(orderId))
  before = await api.get(`/orders/${orderId}`)
  const rows = await api.store.history(orderId)
  const { archive } = api.store
  await archive.put([{ head, rows }], { archivedAt: 0, expireAt: 1 })
  await archive.removeRows([head])
})
afterEach(() => api.close())

for (const gone of ['rows alone are', 'head is']) {
  describe(`an order whose ${gone} in the archive`, () => {
    beforeEach(async () => {
      if (gone === 'head is') await api.store.archive.removeHeads(await api.store.readHeads([orderId]))
    })

    test('is shown as it was before, with every step', async () => {
      const { status, body } = await api.get(`/orders/${orderId}`)
      expect(status).toBe(200)
      expect(body).toEqual(before.body)
      expect(body).toMatchObject({ state: 'delivered', ended: true, history: { length: 3 } })
    })

    test('streams its steps and ends, as every order that has ended', async () => {
      const { status, text } = await api.get(`/orders/${orderId}/events`, { 'Last-Event-ID': '1' })
      expect(status).toBe(200)
      expect(text.match(/^id: \d+$/gm)).toEqual(['id: 2', 'id: 3'])
    })

    test('can no longer be cancelled', async () => {
      const { status, body } = await api.call('POST', `/orders/${orderId}/cancellation`, {
        body: { reason: 'too late' },
      })
      expect([status, body.code]).toEqual([409, 'order-already-ended'])
      expect(api.commands).toHaveLength(1)
    })
  })
}

test('an order that the archive has let go of is not there', async () => {
  const { archive } = api.store
  await archive.removeHeads(await api.store.readHeads([orderId]))
  await archive.expire(1, 1)
  await api.requests.purge(Number.MAX_SAFE_INTEGER, 1)
  expect((await api.get(`/orders/${orderId}`)).status).toBe(404)
})
