import { describe, expect, test } from '@jest/globals'
import { initialTransition, transition } from 'xstate'
import type { OrderEvent, PaymentControl } from '#contracts'
import { type CaptureAnswer, paymentMachine, type RefundAnswer } from './machine.ts'

const orderId = 'o1'
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
const captureAnswer = (output: CaptureAnswer) => ({ type: 'xstate.done.actor.capturePayment', output })
const captureUnknown = { type: 'xstate.error.actor.capturePayment', error: { code: 'CHORUS_DEADLINE' } }
const refundAnswer = (output: RefundAnswer) => ({ type: 'xstate.done.actor.refundPayment', output })
const refundError = { type: 'xstate.error.actor.refundPayment', error: { code: 'HTTP_422' } }
const pauseOver = { type: 'xstate.after.refundPause.payment.refundRefused' }
const taken = captureAnswer({ status: 'captured', paymentId: 'p1' })
const back = refundAnswer({
  status: 'refunded',
  paymentId: 'p1',
  refundId: 'r1',
  amount: 1450,
  currency: 'EUR',
})

const retry: PaymentControl = { type: 'RetryRefund', orderId, reason: 'the provider is sorry' }
const confirm: PaymentControl = { type: 'ConfirmRefund', orderId, refundId: 'by hand', reason: 'transferred' }
const writeOff: PaymentControl = { type: 'WriteOffRefund', orderId, reason: 'the account is closed' }
/** Three refusals, with a rest between them. */
const refused = [refundError, pauseOver, refundError, pauseOver, refundError]
const stuck = [placed, taken, cancelled, ...refused]
const written = { type: 'PaymentWrittenOff', orderId, paymentId: 'p1', reason: 'the account is closed' }

/** Plays events and answers: the last state, what was said, and which work was asked for. */
function play(...events: { readonly type: string }[]) {
  let [snapshot] = initialTransition(paymentMachine, {
    sagaId: orderId,
    refundPause: 1_000,
    refundAttempts: 3,
  })
  const said: { type: string }[] = []
  const asked: string[] = []
  for (const event of events) {
    const [next, actions] = transition(paymentMachine, snapshot, event as OrderEvent)
    snapshot = next
    for (const { type, params } of actions as readonly { type: string; params: unknown }[]) {
      if (type === 'xstate.emit') said.push((params as { event: { type: string } }).event)
      if (type === 'xstate.spawnChild') asked.push((params as { id: string }).id)
    }
  }
  return { state: snapshot.value, said, asked }
}

describe('a payment', () => {
  test('is captured when an order is placed', () => {
    expect(play(placed)).toMatchObject({ state: { capturing: 'wanted' }, asked: ['capturePayment'] })
    expect(play(placed, taken)).toMatchObject({
      state: 'captured',
      said: [{ type: 'PaymentCaptured', orderId, paymentId: 'p1', amount: 1450, currency: 'EUR' }],
    })
  })

  test('says so when the provider declines', () => {
    const said = [{ type: 'PaymentDeclined', orderId, reason: 'no funds' }]
    expect(play(placed, captureAnswer({ status: 'declined', reason: 'no funds' }))).toMatchObject({
      state: 'declined',
      said,
    })
  })

  test('is settled when the order is delivered', () => {
    expect(play(placed, taken, delivered).state).toBe('settled')
  })

  test('is refunded when the order is cancelled after the capture', () => {
    const { state, said } = play(placed, taken, cancelled, back)
    expect(state).toBe('refunded')
    expect(said[1]).toEqual({
      type: 'PaymentRefunded',
      orderId,
      paymentId: 'p1',
      refundId: 'r1',
      amount: 1450,
      currency: 'EUR',
    })
  })

  test('waits for a capture that is under way when the order is cancelled, then refunds it without announcing it', () => {
    expect(play(placed, cancelled)).toMatchObject({
      state: { capturing: 'unwanted' },
      asked: ['capturePayment'],
    })
    const { state, said, asked } = play(placed, cancelled, taken, back)
    expect({ state, said: said.map(({ type }) => type), asked }).toEqual({
      state: 'refunded',
      said: ['PaymentRefunded'],
      asked: ['capturePayment', 'refundPayment'],
    })
  })

  test('gives back whatever was taken when the capture has no answer, and says when nothing was', () => {
    const { state, said } = play(placed, captureUnknown, refundAnswer({ status: 'released' }))
    expect(state).toBe('released')
    expect(said).toEqual([{ type: 'PaymentReleased', orderId, reason: 'no money was taken' }])
  })

  test('owes the money until a refused refund goes through', () => {
    expect(play(placed, taken, cancelled, refundError).state).toBe('refundRefused')
    expect(play(placed, taken, cancelled, refundError, pauseOver, back).state).toBe('refunded')
  })
})

describe('a refund that stays refused', () => {
  test('is asked for three times, then waits for a person and for nothing else', () => {
    const { state, said, asked } = play(...stuck)
    expect({ state, types: said.map(({ type }) => type), asked }).toEqual({
      state: 'refundStuck',
      types: ['PaymentCaptured'],
      asked: ['capturePayment', 'refundPayment', 'refundPayment', 'refundPayment'],
    })
    expect(play(...stuck, cancelled).state).toBe('refundStuck')
    expect(paymentMachine.states.refundStuck?.events).toEqual([
      'RetryRefund',
      'ConfirmRefund',
      'WriteOffRefund',
    ])
  })

  test('is asked for three times more when a person says so, however often they say it', () => {
    expect(play(...stuck, retry).state).toBe('refunding')
    expect(play(...stuck, retry, retry, back).state).toBe('refunded')
    expect(play(...stuck, retry, ...refused).state).toBe('refundStuck')
    expect(play(...stuck, retry, ...refused, retry, back).state).toBe('refunded')
  })

  test('is done when a person has given the money back by hand', () => {
    const { state, said } = play(...stuck, confirm)
    expect(state).toBe('refunded')
    const refund = { paymentId: 'p1', refundId: 'by hand', amount: 1450, currency: 'EUR' }
    expect(said[1]).toEqual({ type: 'PaymentRefunded', orderId, ...refund })
  })

  test('needs the payment named by the person when payment never learnt its id', () => {
    const unknown = [placed, captureUnknown, ...refused]
    expect(play(...unknown, confirm).state).toBe('refundStuck')
    const named: PaymentControl = { ...confirm, paymentId: 'p9' }
    const { state, said } = play(...unknown, named)
    expect({ state, said }).toMatchObject({ state: 'refunded', said: [{ paymentId: 'p9', amount: 1450 }] })
    expect(play(...unknown, writeOff).said).toEqual([{ ...written, paymentId: null }])
  })

  test('is written off when a person gives it up', () => {
    const { state, said } = play(...stuck, writeOff)
    expect({ state, last: said[1] }).toEqual({ state: 'writtenOff', last: written })
  })

  test.each([
    ['capturing', [placed]],
    ['captured', [placed, taken]],
    ['refunding', [placed, taken, cancelled]],
    ['refundRefused', [placed, taken, cancelled, refundError]],
  ])(
    'leaves no word of a person for later: said while %s, it has no effect then or afterwards',
    (_, before) => {
      const without = play(...before)
      expect(play(...before, retry, confirm, writeOff)).toEqual(without)
      const { state } = play(
        ...stuck.slice(0, before.length),
        writeOff,
        confirm,
        ...stuck.slice(before.length),
      )
      expect(state).toBe('refundStuck')
    },
  )

  test('ends once: a second word changes nothing', () => {
    const confirmed = play(...stuck, confirm)
    expect(play(...stuck, confirm, writeOff, retry, confirm)).toEqual(confirmed)
    const writtenOff = play(...stuck, writeOff)
    expect(play(...stuck, writeOff, confirm, retry, back)).toEqual(writtenOff)
  })
})
