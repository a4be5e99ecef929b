import { describe, test } from '@jest/globals'
import { contracts, milestones } from '#contracts'
import { TerminalError } from '#messaging'
import {
  answer,
  catchUp,
  lag,
  later,
  sagaId as orderId,
  type StandIn,
  silence,
  story,
  timePasses,
} from '#orchestration/testing'
import { shippedParticipants } from '../scripts/replay/participants.ts'
import { amount, placeOrderCommand } from '../scripts/shop/example-order.ts'

const money = { amount, currency: 'EUR' }
const place = { type: 'PlaceOrder', ...placeOrderCommand(orderId) }
const cancel = { type: 'CancelOrder', orderId, reason: 'changed my mind' }
const captured = { status: 'captured', paymentId: 'p1' }
const refunded = { status: 'refunded', paymentId: 'p1', refundId: 'r1', ...money }

const companies: Readonly<Record<string, StandIn>> = {
  capturePayment: () => captured,
  refundPayment: () => refunded,
  deliverParcel: () => ({ status: 'delivered', shipmentId: 's1', trackingNumber: 't1' }),
  recallParcel: () => ({ status: 'recalled' }),
}

/** An order with the services as they are shipped, and with companies that do as they are asked, but for these. */
function order(otherwise: Readonly<Record<string, StandIn>> = {}) {
  return story({ participants: shippedParticipants({}), effects: { ...companies, ...otherwise } })
}

const refuses: StandIn = () => {
  throw new TerminalError('refused')
}

describe('an order', () => {
  test('is paid, shipped and delivered', () => {
    order()
      .when(place)
      .then({
        said: [
          'order: OrderPlaced',
          'payment: PaymentCaptured',
          'order: OrderPaid',
          'shipping: ShipmentDelivered',
          'order: OrderDelivered',
        ],
        states: { order: 'delivered', payment: 'settled', shipping: 'delivered' },
        pending: [],
      })
  })

  test('that goes well passes its milestones in their order, and says nothing else', () => {
    const owners = contracts.events
    order()
      .when(place)
      .then({ said: milestones.map(({ type }) => `${owners[type].owner}: ${type}`) })
  })

  test('is declined with its payment, and shipping never hears of it', () => {
    order({ capturePayment: () => ({ status: 'declined', reason: 'no funds' }) })
      .when(place)
      .then({
        said: ['order: OrderPlaced', 'payment: PaymentDeclined'],
        states: { order: 'declined', payment: 'declined', shipping: null },
        pending: [],
      })
  })

  test('is refunded when the carrier refuses it', () => {
    order({ deliverParcel: () => ({ status: 'refused', reason: 'no stock' }) })
      .when(place)
      .then({
        said: [
          'order: OrderPlaced',
          'payment: PaymentCaptured',
          'order: OrderPaid',
          'shipping: ShipmentRefused',
          { type: 'OrderCancelled', orderId, reason: 'no stock' },
          'payment: PaymentRefunded',
        ],
        states: { order: 'cancelled', payment: 'refunded', shipping: 'refused' },
        pending: [],
      })
  })

  test('is given up when payment stays silent, and nothing is owed', () => {
    order({ capturePayment: () => silence, refundPayment: () => ({ status: 'released' }) })
      .when(place)
      .then({ pending: ['order: after paymentPatience', 'payment: capturePayment'] })
      .when(timePasses('30s'))
      .then({
        said: ['payment: PaymentReleased'],
        states: { order: 'declined', payment: 'released' },
        pending: [],
      })
  })

  test('that is cancelled while its capture is under way is refunded, and never shipped', () => {
    order({ capturePayment: () => later('2s', captured) })
      .when(place, cancel)
      .then({ states: { order: 'cancelling', payment: 'capturing.unwanted' } })
      .when(timePasses('2s'))
      .then({
        said: ['payment: PaymentRefunded'],
        states: { order: 'cancelled', payment: 'refunded', shipping: null },
        pending: [],
      })
  })

  test('whose capture crosses the cancellation on the way is refunded, and never shipped', () => {
    order()
      .when(lag('payment.events'), place, cancel)
      .then({
        said: [
          'order: OrderPlaced',
          'payment: PaymentCaptured',
          'order: OrderCancelled',
          'payment: PaymentRefunded',
        ],
        states: { order: 'cancelling', payment: 'refunded' },
      })
      .when(catchUp('payment.events'))
      .then({ said: [], states: { order: 'cancelled', shipping: null }, pending: [] })
  })

  test('whose refund stays refused waits for a person, who writes it off', () => {
    order({ deliverParcel: () => ({ status: 'refused', reason: 'no stock' }), refundPayment: refuses })
      .when(place, timePasses('1d'))
      .then({ states: { order: 'cancelling', payment: 'refundStuck' }, pending: [] })
      .when({ type: 'WriteOffRefund', orderId, reason: 'the account is closed' })
      .then({
        said: ['payment: PaymentWrittenOff'],
        states: { order: 'cancelled', payment: 'writtenOff', shipping: 'refused' },
      })
  })

  test('whose parcel nobody can find is recalled, and then refunded', () => {
    order({ deliverParcel: () => silence, recallParcel: () => silence })
      .when(place, timePasses('60s'))
      .then({ states: { shipping: 'recalling' } })
      .when(answer('recallParcel', { status: 'recalled' }))
      .then({ states: { order: 'cancelled', payment: 'refunded', shipping: 'refused' }, pending: [] })
  })
})
