import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { aShipment, type ServedSandbox, serveSandbox } from './sandbox.fixtures.ts'

let sandbox: ServedSandbox
beforeEach(async () => {
  sandbox = await serveSandbox()
})
afterEach(() => sandbox.close())

const ship = (body: object, key?: string) => sandbox.post('/shipments', body, key ? { key } : {})
const recall = (orderId: string) => sandbox.post('/shipments/recalls', { orderId })

describe('a shipment', () => {
  test('is delivered once, however often it is repeated under its key', async () => {
    const body = aShipment()
    const replies = await Promise.all(Array.from({ length: 5 }, () => ship(body, 'k')))
    const [first] = replies
    expect(first?.body).toEqual({
      status: 'delivered',
      shipmentId: expect.stringMatching(/^shp_/),
      trackingNumber: expect.stringMatching(/^[0-9A-F]{12}$/),
    })
    for (const reply of replies) expect(reply.body).toEqual(first?.body)
    expect(await sandbox.balance(body.orderId)).toMatchObject({ delivered: true, deliveries: 1 })
  })

  test('to postcode 00000 is refused, for nothing is in stock', async () => {
    const body = aShipment(undefined, '00000')
    expect((await ship(body)).body).toEqual({ status: 'refused', reason: 'out of stock' })
    expect(await sandbox.balance(body.orderId)).toMatchObject({ delivered: false, deliveries: 0 })
  })

  test('to postcode 00001 fails first and is delivered when it is repeated', async () => {
    const body = aShipment(undefined, '00001')
    expect(await ship(body, 'k')).toMatchObject({ status: 500, body: { code: 'failed-on-purpose' } })
    expect((await ship(body, 'k')).body).toMatchObject({ status: 'delivered' })
  })
})

describe('a carrier that lost sight of a parcel', () => {
  test.each([
    ['00003', 'it never left', false, { status: 'recalled' }],
    ['00004', 'it was delivered', true, { status: 'delivered' }],
  ])(
    'to postcode %s, of which %s, refuses to say so until a person has settled it',
    async (postcode, _, delivered, found) => {
      const body = aShipment(undefined, postcode)
      const refusal = { status: 422, body: { code: 'refused-on-purpose' } }
      for (const _attempt of [1, 2]) {
        expect(await ship(body, 'k')).toMatchObject(refusal)
        expect(await recall(body.orderId)).toMatchObject(refusal)
      }
      expect(await sandbox.balance(body.orderId)).toMatchObject({ delivered, deliveries: delivered ? 1 : 0 })
      await sandbox.put('/behaviour', { carrier: { settled: true } })
      expect((await recall(body.orderId)).body).toMatchObject(found)
    },
  )
})

describe('a recall', () => {
  test('stops a shipment that comes later', async () => {
    const body = aShipment()
    expect((await recall(body.orderId)).body).toEqual({ status: 'recalled' })
    expect((await ship(body)).body).toEqual({ status: 'refused', reason: 'recalled' })
    expect(await sandbox.balance(body.orderId)).toMatchObject({ delivered: false })
  })

  test('that comes too late is told of the delivery', async () => {
    const body = aShipment()
    const { body: delivered } = await ship(body)
    expect((await recall(body.orderId)).body).toEqual(delivered)
    expect(await sandbox.balance(body.orderId)).toMatchObject({ delivered: true, deliveries: 1 })
  })

  test('that races with the shipment agrees with it', async () => {
    for (let round = 0; round < 10; round++) {
      const body = aShipment()
      const [shipped, recalled] = await Promise.all([ship(body), recall(body.orderId)])
      expect([shipped.body.status, recalled.body.status]).toEqual(
        shipped.body.status === 'delivered' ? ['delivered', 'delivered'] : ['refused', 'recalled'],
      )
    }
  })
})
