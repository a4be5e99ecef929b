import { describe, test } from '@jest/globals'
import { contracts, type OrderCommand, type PaymentEvent, type ShippingEvent } from '#contracts'
import { given, sagaId as orderId, timePasses } from '#orchestration/testing'
import { orderMachine } from './machine.ts'

type Heard = OrderCommand | PaymentEvent | ShippingEvent

const order = { name: 'order', machine: orderMachine, contracts, input: { paymentPatience: 1_000 } }

const shipTo = { name: 'Ada', street: 'Main Street 1', city: 'Berlin', postcode: '10115', country: 'DE' }
const placeOrder: OrderCommand = {
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
const patienceOver = timePasses('1s')

describe('an order', () => {
  test('says what was ordered and waits for its payment', () => {
    given(order)
      .when(placeOrder)
      .then({
        state: 'paying',
        emitted: [{ ...placeOrder, type: 'OrderPlaced' }],
        pending: ['after paymentPatience'],
      })
  })

  test('is delivered once paid and shipped', () => {
    given(order, placeOrder)
      .when(captured)
      .then({
        state: 'shipping',
        emitted: [{ type: 'OrderPaid', orderId, items: [{ sku: 'MUG-1', quantity: 2 }], shipTo }],
        pending: [],
      })
      .when(delivered)
      .then({ state: 'delivered', emitted: [{ type: 'OrderDelivered', orderId }] })
  })

  test('is declined when the payment is, and nothing is shipped', () => {
    given(order, placeOrder)
      .when(declined)
      .then({ state: 'declined', context: { reason: 'no funds' }, emitted: [] })
  })

  test('is declined when payment gave up by itself, with or without money to give back', () => {
    given(order, placeOrder).when(released).then({ state: 'declined', emitted: [] })
    given(order, placeOrder).when(refunded).then({ state: 'declined', emitted: [] })
  })

  test('asks for its money back when the shipment is refused, and is cancelled only when it has it', () => {
    given(order, placeOrder, captured)
      .when(refused)
      .then({
        state: 'cancelling',
        context: { reason: 'no stock' },
        emitted: [{ type: 'OrderCancelled', orderId, reason: 'no stock' }],
      })
      .when(refunded)
      .then({ state: 'cancelled', emitted: [] })
  })

  test('ends, and says that nothing was given back, when a person gave the refund up', () => {
    given(order, placeOrder, captured, refused)
      .when(writtenOff)
      .then({
        state: 'cancelled',
        context: { reason: 'no stock; the payment will not be refunded: the account is closed' },
      })
    given(order, placeOrder)
      .when(writtenOff)
      .then({
        state: 'declined',
        context: { reason: 'the payment failed and will not be refunded: the account is closed' },
      })
  })

  test('is cancelled when the payment does not answer in time', () => {
    given(order, placeOrder)
      .when(patienceOver)
      .then({
        state: 'cancelling',
        emitted: [{ type: 'OrderCancelled', orderId, reason: 'payment did not answer in time' }],
      })
      .when(released)
      .then({ state: 'cancelled' })
  })

  test('is cancelled by the customer until it is paid', () => {
    given(order, placeOrder)
      .when(cancel)
      .then({ state: 'cancelling', emitted: ['OrderCancelled'] })
      .when(declined)
      .then({ state: 'cancelled' })
  })

  test('cannot be cancelled any more once it is with shipping', () => {
    given(order, placeOrder, captured).when(cancel).thenNothing()
  })

  test('never ships on a payment that arrives after it was cancelled', () => {
    given(order, placeOrder, cancel)
      .when(captured)
      .thenNothing()
      .when(refunded)
      .then({ state: 'cancelled', emitted: [] })
  })
})
