import { describe, expect, test } from '@jest/globals'
import { initialTransition, transition } from 'xstate'
import type { OrderEvent, ShippingControl } from '#contracts'
import { shippingMachine } from './machine.ts'

const orderId = 'o1'
const shipTo = { name: 'Ada', street: 'Main Street 1', city: 'Berlin', postcode: '10115', country: 'DE' }
const paid: OrderEvent = { type: 'OrderPaid', orderId, items: [{ sku: 'MUG-1', quantity: 1 }], shipTo }
const arrived = { status: 'delivered', shipmentId: 's1', trackingNumber: 't1' }
const deliveryAnswer = (output: object) => ({ type: 'xstate.done.actor.deliverParcel', output })
const deliveryUnknown = { type: 'xstate.error.actor.deliverParcel', error: { code: 'CHORUS_DEADLINE' } }
const recallAnswer = (output: object) => ({ type: 'xstate.done.actor.recallParcel', output })
const recallError = { type: 'xstate.error.actor.recallParcel', error: { code: 'HTTP_422' } }
const pauseOver = { type: 'xstate.after.recallPause.shipping.recallRefused' }

const retry: ShippingControl = { type: 'RetryRecall', orderId, reason: 'the carrier is back' }
const arrivedAfterAll: ShippingControl = {
  type: 'ConfirmDelivery',
  orderId,
  shipmentId: 's1',
  trackingNumber: 't1',
  reason: 'the customer has it',
}
const neverLeft: ShippingControl = { type: 'ConfirmRecall', orderId, reason: 'it is still in the warehouse' }
/** Three refusals, with a rest between them. */
const refusals = [recallError, pauseOver, recallError, pauseOver, recallError]
const stuck = [paid, deliveryUnknown, ...refusals]

/** Plays events and answers: the last state and what was said. */
function play(...events: { readonly type: string }[]) {
  let [snapshot] = initialTransition(shippingMachine, {
    sagaId: orderId,
    recallPause: 1_000,
    recallAttempts: 3,
  })
  const said: { type: string; reason?: string }[] = []
  for (const event of events) {
    const [next, actions] = transition(shippingMachine, snapshot, event as OrderEvent)
    snapshot = next
    for (const { type, params } of actions as readonly { type: string; params: unknown }[])
      if (type === 'xstate.emit') said.push((params as { event: { type: string } }).event)
  }
  return { state: snapshot.value, said }
}

describe('a shipment', () => {
  test('is delivered when the order is paid', () => {
    expect(play(paid).state).toBe('delivering')
    expect(play(paid, deliveryAnswer(arrived))).toEqual({
      state: 'delivered',
      said: [{ type: 'ShipmentDelivered', orderId, shipmentId: 's1', trackingNumber: 't1' }],
    })
  })

  test('is refused when the carrier refuses', () => {
    const said = [{ type: 'ShipmentRefused', orderId, reason: 'no stock' }]
    expect(play(paid, deliveryAnswer({ status: 'refused', reason: 'no stock' }))).toEqual({
      state: 'refused',
      said,
    })
  })

  test('is recalled when the carrier gives no answer, and refused when it had not left', () => {
    expect(play(paid, deliveryUnknown).state).toBe('recalling')
    const { state, said } = play(paid, deliveryUnknown, recallAnswer({ status: 'recalled' }))
    expect(state).toBe('refused')
    expect(said).toEqual([{ type: 'ShipmentRefused', orderId, reason: 'the carrier did not answer' }])
  })

  test('counts as delivered when the recall finds it delivered', () => {
    expect(play(paid, deliveryUnknown, recallAnswer(arrived)).state).toBe('delivered')
  })

  test('is not left open when the recall is refused: it is asked for again', () => {
    expect(play(paid, deliveryUnknown, recallError).state).toBe('recallRefused')
    expect(
      play(paid, deliveryUnknown, recallError, pauseOver, recallAnswer({ status: 'recalled' })).state,
    ).toBe('refused')
  })
})

describe('a recall that stays refused', () => {
  test('is asked for three times, then waits for a person and for nothing else', () => {
    expect(play(...stuck)).toEqual({ state: 'recallStuck', said: [] })
    expect(shippingMachine.states.recallStuck?.events).toEqual([
      'RetryRecall',
      'ConfirmDelivery',
      'ConfirmRecall',
    ])
  })

  test('is asked for three times more when a person says so, however often they say it', () => {
    expect(play(...stuck, retry, retry, recallAnswer(arrived)).state).toBe('delivered')
    expect(play(...stuck, retry, ...refusals).state).toBe('recallStuck')
  })

  test('counts as delivered when a person has found that it was', () => {
    expect(play(...stuck, arrivedAfterAll)).toEqual({
      state: 'delivered',
      said: [{ type: 'ShipmentDelivered', orderId, shipmentId: 's1', trackingNumber: 't1' }],
    })
  })

  test('counts as refused when a person has found that the parcel never left', () => {
    expect(play(...stuck, neverLeft)).toEqual({
      state: 'refused',
      said: [{ type: 'ShipmentRefused', orderId, reason: 'it is still in the warehouse' }],
    })
  })

  test.each([
    ['delivering', [paid]],
    ['recalling', [paid, deliveryUnknown]],
    ['recallRefused', [paid, deliveryUnknown, recallError]],
  ])(
    'leaves no word of a person for later: said while %s, it has no effect then or afterwards',
    (_, before) => {
      expect(play(...before, retry, arrivedAfterAll, neverLeft)).toEqual(play(...before))
      const rest = stuck.slice(before.length)
      expect(play(...before, neverLeft, arrivedAfterAll, ...rest).state).toBe('recallStuck')
    },
  )

  test('ends once: a second word changes nothing', () => {
    const confirmed = play(...stuck, arrivedAfterAll)
    expect(play(...stuck, arrivedAfterAll, neverLeft, retry)).toEqual(confirmed)
  })
})
