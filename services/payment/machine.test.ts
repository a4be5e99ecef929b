import { describe, expect, test } from '@jest/globals'
import { contracts, type OrderEvent, type PaymentControl } from '#contracts'
import { answer, given, sagaId as orderId, refusal, timePasses } from '#orchestration/testing'
import { paymentMachine } from './machine.ts'

const payment = {
  name: 'payment',
  machine: paymentMachine,
  contracts,
  input: { refundPause: 1_000, refundAttempts: 3 },
}

const shipTo = { name: 'Ada', street: 'Main Street 1', city: 'Berlin', postcode: '10115', country: 'DE' }
const placed: OrderEvent = {
  type: 'OrderPlaced',
  orderId,
  customerId: 'c1',
  items: [{ sku: 'MUG-1', quantity: 1, unitPrice: 1450 }],
  amount: 1450,
  currency: 'EUR',
  paymentToken: 'tok_ok',
  shipTo,
}
const cancelled: OrderEvent = { type: 'OrderCancelled', orderId, reason: 'changed my mind' }
const delivered: OrderEvent = { type: 'OrderDelivered', orderId }
const taken = answer('capturePayment', { status: 'captured', paymentId: 'p1' })
const captureDeclined = answer('capturePayment', { status: 'declined', reason: 'no funds' })
const captureUnknown = refusal('capturePayment', { code: 'CHORUS_DEADLINE' })
const money = { amount: 1450, currency: 'EUR' }
const back = answer('refundPayment', { status: 'refunded', paymentId: 'p1', refundId: 'r1', ...money })
const nothingToGiveBack = answer('refundPayment', { status: 'released' })
const refundError = refusal('refundPayment', { code: 'HTTP_422' })
const pauseOver = timePasses('1s')

const retry: PaymentControl = { type: 'RetryRefund', orderId, reason: 'the provider is sorry' }
const confirm: PaymentControl = { type: 'ConfirmRefund', orderId, refundId: 'by hand', reason: 'transferred' }
const writeOff: PaymentControl = { type: 'WriteOffRefund', orderId, reason: 'the account is closed' }
/** Three refusals, with a rest between them. */
const refused = [refundError, pauseOver, refundError, pauseOver, refundError]
const untilStuck = [placed, taken, cancelled, ...refused]
const stuck = given(payment, ...untilStuck)
const written = {
  type: 'PaymentWrittenOff',
  orderId,
  paymentId: 'p1',
  reason: 'the account is closed',
} as const

describe('a payment', () => {
  test('is captured when an order is placed', () => {
    given(payment)
      .when(placed)
      .then({ state: 'capturing.wanted', asked: ['capturePayment'], emitted: [] })
      .when(taken)
      .then({
        state: 'captured',
        emitted: [{ type: 'PaymentCaptured', orderId, paymentId: 'p1', ...money }],
        pending: [],
      })
  })

  test('says so when the provider declines', () => {
    given(payment, placed)
      .when(captureDeclined)
      .then({ state: 'declined', emitted: [{ type: 'PaymentDeclined', orderId, reason: 'no funds' }] })
  })

  test('is settled when the order is delivered', () => {
    given(payment, placed, taken).when(delivered).then({ state: 'settled', emitted: [] })
  })

  test('is refunded when the order is cancelled after the capture', () => {
    given(payment, placed, taken)
      .when(cancelled, back)
      .then({
        state: 'refunded',
        emitted: [{ type: 'PaymentRefunded', orderId, paymentId: 'p1', refundId: 'r1', ...money }],
      })
  })

  test('waits for a capture that is under way when the order is cancelled, then refunds it without announcing it', () => {
    given(payment, placed)
      .when(cancelled)
      .then({ state: 'capturing.unwanted', pending: ['capturePayment'], asked: [] })
      .when(taken)
      .then({ state: 'refunding', asked: ['refundPayment'], emitted: [] })
      .when(back)
      .then({ state: 'refunded', asked: [], emitted: ['PaymentRefunded'] })
  })

  test('gives back whatever was taken when the capture has no answer, and says when nothing was', () => {
    given(payment, placed)
      .when(captureUnknown, nothingToGiveBack)
      .then({
        state: 'released',
        emitted: [{ type: 'PaymentReleased', orderId, reason: 'no money was taken' }],
      })
  })

  test('owes the money until a refused refund goes through', () => {
    given(payment, placed, taken, cancelled)
      .when(refundError)
      .then({ state: 'refundRefused', pending: ['after refundPause'] })
      .when(pauseOver, back)
      .then({ state: 'refunded', pending: [] })
  })
})

describe('a refund that stays refused', () => {
  test('is asked for three times, then waits for a person and for nothing else', () => {
    given(payment)
      .when(...untilStuck)
      .then({
        state: 'refundStuck',
        emitted: ['PaymentCaptured'],
        asked: ['capturePayment', 'refundPayment', 'refundPayment', 'refundPayment'],
        pending: [],
      })
    stuck.when(cancelled).thenNothing()
    stuck.when(timePasses('365d')).thenNothing()
    expect(paymentMachine.states.refundStuck?.events).toEqual([
      'RetryRefund',
      'ConfirmRefund',
      'WriteOffRefund',
    ])
  })

  test('is asked for three times more when a person says so, however often they say it', () => {
    stuck.when(retry).then({ state: 'refunding', asked: ['refundPayment'] })
    stuck.when(retry, retry, back).then({ state: 'refunded', asked: ['refundPayment'] })
    stuck.when(retry, ...refused).then({ state: 'refundStuck' })
    stuck.when(retry, ...refused, retry, back).then({ state: 'refunded' })
  })

  test('is done when a person has given the money back by hand', () => {
    stuck.when(confirm).then({
      state: 'refunded',
      emitted: [{ type: 'PaymentRefunded', orderId, paymentId: 'p1', refundId: 'by hand', ...money }],
    })
  })

  test('needs the payment named by the person when payment never learnt its id', () => {
    const unknown = given(payment, placed, captureUnknown, ...refused)
    unknown.when(confirm).thenNothing()
    unknown.when({ ...confirm, paymentId: 'p9' }).then({
      state: 'refunded',
      emitted: [{ type: 'PaymentRefunded', orderId, paymentId: 'p9', refundId: 'by hand', ...money }],
    })
    unknown.when(writeOff).then({ emitted: [{ ...written, paymentId: null }] })
  })

  test('is written off when a person gives it up', () => {
    stuck.when(writeOff).then({ state: 'writtenOff', emitted: [written] })
  })

  test.each([
    ['capturing', 1],
    ['captured', 2],
    ['refunding', 3],
    ['refundRefused', 4],
  ])(
    'leaves no word of a person for later: said while %s, it has no effect then or afterwards',
    (_, count) => {
      const [before, after] = [untilStuck.slice(0, count), untilStuck.slice(count)]
      given(payment, ...before)
        .when(retry, confirm, writeOff)
        .thenNothing()
        .when(...after)
        .then({ state: 'refundStuck' })
    },
  )

  test('ends once: a second word changes nothing', () => {
    stuck.when(confirm).then({ state: 'refunded' }).when(writeOff, retry, confirm).thenNothing()
    stuck.when(writeOff).then({ state: 'writtenOff' }).when(confirm, retry, back).thenNothing()
  })
})
