import { describe, expect, test } from '@jest/globals'
import { contracts, type OrderEvent, type ShippingControl } from '#contracts'
import { answer, given, sagaId as orderId, refusal, timePasses } from '#orchestration/testing'
import { shippingMachine } from './machine.ts'

const shipping = {
  name: 'shipping',
  machine: shippingMachine,
  contracts,
  input: { recallPause: 1_000, recallAttempts: 3 },
}

const shipTo = { name: 'Ada', street: 'Main Street 1', city: 'Berlin', postcode: '10115', country: 'DE' }
const paid: OrderEvent = { type: 'OrderPaid', orderId, items: [{ sku: 'MUG-1', quantity: 1 }], shipTo }
const parcel = { shipmentId: 's1', trackingNumber: 't1' }
const arrived = answer('deliverParcel', { status: 'delivered', ...parcel })
const carrierRefuses = answer('deliverParcel', { status: 'refused', reason: 'no stock' })
const deliveryUnknown = refusal('deliverParcel', { code: 'CHORUS_DEADLINE' })
const recalled = answer('recallParcel', { status: 'recalled' })
const foundDelivered = answer('recallParcel', { status: 'delivered', ...parcel })
const recallError = refusal('recallParcel', { code: 'HTTP_422' })
const pauseOver = timePasses('1s')

const retry: ShippingControl = { type: 'RetryRecall', orderId, reason: 'the carrier is back' }
const arrivedAfterAll: ShippingControl = {
  type: 'ConfirmDelivery',
  orderId,
  ...parcel,
  reason: 'the customer has it',
}
const neverLeft: ShippingControl = { type: 'ConfirmRecall', orderId, reason: 'it is still in the warehouse' }
/** Three refusals, with a rest between them. */
const refusals = [recallError, pauseOver, recallError, pauseOver, recallError]
const untilStuck = [paid, deliveryUnknown, ...refusals]
const stuck = given(shipping, ...untilStuck)
const delivered = { type: 'ShipmentDelivered', orderId, ...parcel } as const

describe('a shipment', () => {
  test('is delivered when the order is paid', () => {
    given(shipping)
      .when(paid)
      .then({ state: 'delivering', asked: ['deliverParcel'], emitted: [] })
      .when(arrived)
      .then({ state: 'delivered', emitted: [delivered] })
  })

  test('is refused when the carrier refuses', () => {
    given(shipping, paid)
      .when(carrierRefuses)
      .then({ state: 'refused', emitted: [{ type: 'ShipmentRefused', orderId, reason: 'no stock' }] })
  })

  test('is recalled when the carrier gives no answer, and refused when it had not left', () => {
    given(shipping, paid)
      .when(deliveryUnknown)
      .then({ state: 'recalling', emitted: [], asked: ['recallParcel'] })
      .when(recalled)
      .then({
        state: 'refused',
        emitted: [{ type: 'ShipmentRefused', orderId, reason: 'the carrier did not answer' }],
      })
  })

  test('counts as delivered when the recall finds it delivered', () => {
    given(shipping, paid, deliveryUnknown)
      .when(foundDelivered)
      .then({ state: 'delivered', emitted: [delivered] })
  })

  test('is not left open when the recall is refused: it is asked for again', () => {
    given(shipping, paid, deliveryUnknown)
      .when(recallError)
      .then({ state: 'recallRefused', pending: ['after recallPause'] })
      .when(pauseOver, recalled)
      .then({ state: 'refused', asked: ['recallParcel'] })
  })
})

describe('a recall that stays refused', () => {
  test('is asked for three times, then waits for a person and for nothing else', () => {
    given(shipping, paid, deliveryUnknown)
      .when(...refusals)
      .then({ state: 'recallStuck', emitted: [], asked: ['recallParcel', 'recallParcel'], pending: [] })
    expect(shippingMachine.states.recallStuck?.events).toEqual([
      'RetryRecall',
      'ConfirmDelivery',
      'ConfirmRecall',
    ])
  })

  test('is asked for three times more when a person says so, however often they say it', () => {
    stuck.when(retry, retry, foundDelivered).then({ state: 'delivered', asked: ['recallParcel'] })
    stuck.when(retry, ...refusals).then({ state: 'recallStuck' })
  })

  test('counts as delivered when a person has found that it was', () => {
    stuck.when(arrivedAfterAll).then({ state: 'delivered', emitted: [delivered] })
  })

  test('counts as refused when a person has found that the parcel never left', () => {
    stuck.when(neverLeft).then({
      state: 'refused',
      emitted: [{ type: 'ShipmentRefused', orderId, reason: 'it is still in the warehouse' }],
    })
  })

  test.each([
    ['delivering', 1],
    ['recalling', 2],
    ['recallRefused', 3],
  ])(
    'leaves no word of a person for later: said while %s, it has no effect then or afterwards',
    (_, count) => {
      const [before, after] = [untilStuck.slice(0, count), untilStuck.slice(count)]
      given(shipping, ...before)
        .when(retry, arrivedAfterAll, neverLeft)
        .thenNothing()
        .when(...after)
        .then({ state: 'recallStuck' })
    },
  )

  test('ends once: a second word changes nothing', () => {
    stuck
      .when(arrivedAfterAll)
      .then({ state: 'delivered' })
      .when(arrivedAfterAll, neverLeft, retry)
      .thenNothing()
  })
})
