import { describe, expect, test } from '@jest/globals'
import { initialTransition, transition } from 'xstate'
import type { OrderEvent } from '#contracts'
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

/** Plays events and answers: the last state, what was said, and which work was asked for. */
function play(...events: { readonly type: string }[]) {
  let [snapshot] = initialTransition(paymentMachine, { sagaId: orderId, refundPause: 1_000 })
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
