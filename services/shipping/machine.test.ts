import { describe, expect, test } from '@jest/globals'
import { initialTransition, transition } from 'xstate'
import type { OrderEvent } from '#contracts'
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

/** Plays events and answers: the last state and what was said. */
function play(...events: { readonly type: string }[]) {
  let [snapshot] = initialTransition(shippingMachine, { sagaId: orderId, recallPause: 1_000 })
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
