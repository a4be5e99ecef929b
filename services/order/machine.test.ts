import { describe, expect, test } from '@jest/globals'
import { initialTransition, transition } from 'xstate'
import type { OrderCommand, PaymentEvent, ShippingEvent } from '#contracts'
import { orderMachine } from './machine.ts'

type Heard = OrderCommand | PaymentEvent | ShippingEvent
type Timeout = { readonly type: 'xstate.after.paymentPatience.order.paying' }

const orderId = 'o1'
const shipTo = { name: 'Ada', street: 'Main Street 1', city: 'Berlin', postcode: '10115', country: 'DE' }
const placeOrder: Heard = {
  type: 'PlaceOrder',
  orderId,
  customerId: 'c1',
  items: [{ sku: 'MUG-1', quantity: 2, unitPrice: 1450 }],
  amount: 2900,
  currency: 'EUR',
  paymentToken: 'tok_ok',
  shipTo,
}
const captured: Heard = { type: 'PaymentCaptured', orderId, paymentId: 'p1', amount: 2900, currency: 'EUR' }
const declined: Heard = { type: 'PaymentDeclined', orderId, reason: 'no funds' }
const refunded: Heard = {
  type: 'PaymentRefunded',
  orderId,
  paymentId: 'p1',
  refundId: 'r1',
  amount: 2900,
  currency: 'EUR',
}
const released: Heard = { type: 'PaymentReleased', orderId, reason: 'no money was taken' }
const writtenOff: Heard = {
  type: 'PaymentWrittenOff',
  orderId,
  paymentId: 'p1',
  reason: 'the account is closed',
}
const delivered: Heard = { type: 'ShipmentDelivered', orderId, shipmentId: 's1', trackingNumber: 't1' }
const refused: Heard = { type: 'ShipmentRefused', orderId, reason: 'no stock' }
const cancel: Heard = { type: 'CancelOrder', orderId, reason: 'changed my mind' }
const timeout: Timeout = { type: 'xstate.after.paymentPatience.order.paying' }

/** Plays events to a new order: its last state, its reason, and all that it said. */
function play(...events: (Heard | Timeout)[]) {
  let [snapshot] = initialTransition(orderMachine, { sagaId: orderId, paymentPatience: 1_000 })
  const said: { type: string; reason?: string }[] = []
  for (const event of events) {
    const [next, actions] = transition(orderMachine, snapshot, event as Heard)
    snapshot = next
    for (const { type, params } of actions as readonly { type: string; params: unknown }[])
      if (type === 'xstate.emit') said.push((params as { event: { type: string } }).event)
  }
  return { state: snapshot.value, reason: snapshot.context.reason, said, types: said.map(({ type }) => type) }
}

describe('an order', () => {
  test('says what was ordered and waits for its payment', () => {
    expect(play(placeOrder)).toMatchObject({
      state: 'paying',
      said: [{ ...placeOrder, type: 'OrderPlaced' }],
    })
  })

  test('is delivered once paid and shipped', () => {
    const { state, types, said } = play(placeOrder, captured, delivered)
    expect({ state, types }).toEqual({
      state: 'delivered',
      types: ['OrderPlaced', 'OrderPaid', 'OrderDelivered'],
    })
    expect(said[1]).toEqual({ type: 'OrderPaid', orderId, items: [{ sku: 'MUG-1', quantity: 2 }], shipTo })
  })

  test('is declined when the payment is, and nothing is shipped', () => {
    expect(play(placeOrder, declined)).toMatchObject({
      state: 'declined',
      reason: 'no funds',
      types: ['OrderPlaced'],
    })
  })

  test('is declined when payment gave up by itself, with or without money to give back', () => {
    expect(play(placeOrder, released).state).toBe('declined')
    expect(play(placeOrder, refunded).state).toBe('declined')
  })

  test('asks for its money back when the shipment is refused, and is cancelled only when it has it', () => {
    expect(play(placeOrder, captured, refused)).toMatchObject({ state: 'cancelling', reason: 'no stock' })
    const { state, types } = play(placeOrder, captured, refused, refunded)
    expect({ state, types }).toEqual({
      state: 'cancelled',
      types: ['OrderPlaced', 'OrderPaid', 'OrderCancelled'],
    })
  })

  test('ends, and says that nothing was given back, when a person gave the refund up', () => {
    expect(play(placeOrder, captured, refused, writtenOff)).toMatchObject({
      state: 'cancelled',
      reason: 'no stock; the payment will not be refunded: the account is closed',
    })
    expect(play(placeOrder, writtenOff)).toMatchObject({
      state: 'declined',
      reason: 'the payment failed and will not be refunded: the account is closed',
    })
  })

  test('is cancelled when the payment does not answer in time', () => {
    const { state, said } = play(placeOrder, timeout, released)
    expect(state).toBe('cancelled')
    expect(said[1]).toEqual({ type: 'OrderCancelled', orderId, reason: 'payment did not answer in time' })
  })

  test('is cancelled by the customer until it is paid', () => {
    expect(play(placeOrder, cancel)).toMatchObject({
      state: 'cancelling',
      types: ['OrderPlaced', 'OrderCancelled'],
    })
    expect(play(placeOrder, cancel, declined).state).toBe('cancelled')
  })

  test('cannot be cancelled any more once it is with shipping', () => {
    expect(play(placeOrder, captured, cancel)).toMatchObject({
      state: 'shipping',
      types: ['OrderPlaced', 'OrderPaid'],
    })
  })

  test('never ships on a payment that arrives after it was cancelled', () => {
    const { state, types } = play(placeOrder, cancel, captured, refunded)
    expect({ state, types }).toEqual({ state: 'cancelled', types: ['OrderPlaced', 'OrderCancelled'] })
  })
})
