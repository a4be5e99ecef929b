import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { aCapture, eventually, type ServedSandbox, serveSandbox } from './sandbox.fixtures.ts'

let sandbox: ServedSandbox
beforeEach(async () => {
  sandbox = await serveSandbox()
})
afterEach(() => sandbox.close())

const capture = (body: object, call?: { key?: string; timeout?: number }) =>
  sandbox.post('/payments/captures', body, call)
const refund = (orderId: string, call?: { key?: string }) =>
  sandbox.post('/payments/refunds', { orderId, reason: 'out of stock' }, call)

describe('a capture', () => {
  test('takes the money once, however often it is repeated under its key', async () => {
    const body = aCapture()
    const replies = await Promise.all(Array.from({ length: 20 }, () => capture(body, { key: 'k' })))
    const paymentId = replies[0]?.body.paymentId
    expect(paymentId).toMatch(/^pay_/)
    for (const reply of replies) {
      expect(reply).toMatchObject({ status: 200, body: { status: 'captured', paymentId } })
    }
    expect(await sandbox.balance(body.orderId)).toMatchObject({ captured: 2_150, refunded: 0 })
  })

  test('under a second key charges a second time, so that an audit finds the fault', async () => {
    const body = aCapture()
    await capture(body)
    await capture(body)
    expect(await sandbox.balance(body.orderId)).toMatchObject({ captured: 4_300 })
  })

  test('is refused with 422 when its key came with another body, order or call', async () => {
    const body = aCapture()
    await capture(body, { key: 'k' })
    const others = [
      await capture({ ...body, amount: 1 }, { key: 'k' }),
      await capture(aCapture(), { key: 'k' }),
      await refund(body.orderId, { key: 'k' }),
    ]
    for (const reply of others) {
      expect(reply).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } })
    }
    expect(await sandbox.balance(body.orderId)).toMatchObject({ captured: 2_150, refunded: 0 })
  })

  test.each([
    ['tok_declined', 'insufficient funds'],
    ['tok_unheard_of', 'unknown payment token tok_unheard_of'],
  ])('with %s is declined and takes nothing', async (paymentToken, reason) => {
    const body = aCapture({ paymentToken })
    expect((await capture(body)).body).toEqual({ status: 'declined', reason })
    expect(await sandbox.balance(body.orderId)).toMatchObject({ captured: 0 })
  })

  test('with tok_error_once fails first and takes the money when it is repeated', async () => {
    const body = aCapture({ paymentToken: 'tok_error_once' })
    const first = await capture(body, { key: 'k' })
    expect(first).toMatchObject({ status: 500, body: { code: 'failed-on-purpose' } })
    expect(first.type).toContain('application/problem+json')
    expect(await sandbox.entries(body.orderId)).toEqual([])
    expect((await capture(body, { key: 'k' })).body).toMatchObject({ status: 'captured' })
  })

  test('with tok_silent is never answered and takes nothing, so a refund releases it', async () => {
    const body = aCapture({ paymentToken: 'tok_silent' })
    for (let attempt = 1; attempt <= 2; attempt++) {
      await expect(capture(body, { key: 'k', timeout: 150 })).rejects.toThrow('timeout')
    }
    expect(await sandbox.entries(body.orderId)).toEqual([])
    expect((await refund(body.orderId)).body).toEqual({ status: 'released' })
  })

  test('with tok_timeout_after_charge takes the money once, and only the repeated call is answered', async () => {
    const body = aCapture({ paymentToken: 'tok_timeout_after_charge' })
    const first = capture(body, { key: 'k', timeout: 1_000 })
    const unanswered = expect(first).rejects.toThrow('timeout')
    await eventually(async () => (await sandbox.balance(body.orderId))?.captured === 2_150)
    await unanswered
    expect((await capture(body, { key: 'k' })).body).toMatchObject({ status: 'captured' })
    expect(await sandbox.balance(body.orderId)).toMatchObject({ captured: 2_150 })
  })
})

describe('a refund', () => {
  test('gives back what was captured, once, also when it is asked for again under another key', async () => {
    const body = aCapture()
    const { body: captured } = await capture(body)
    const { body: refunded } = await refund(body.orderId, { key: 'k' })
    expect(refunded).toEqual({
      status: 'refunded',
      paymentId: captured.paymentId,
      refundId: expect.stringMatching(/^ref_/),
      amount: 2_150,
      currency: 'EUR',
    })
    expect((await refund(body.orderId, { key: 'k' })).body).toEqual(refunded)
    expect((await refund(body.orderId)).body).toEqual(refunded)
    expect(await sandbox.balance(body.orderId)).toMatchObject({ captured: 2_150, refunded: 2_150 })
  })

  test('before any capture releases the order and voids the capture to come', async () => {
    const body = aCapture()
    expect((await refund(body.orderId)).body).toEqual({ status: 'released' })
    expect((await capture(body)).body).toEqual({ status: 'declined', reason: 'voided' })
    expect(await sandbox.balance(body.orderId)).toMatchObject({ captured: 0, refunded: 0 })
  })

  test('that races with captures of the same order leaves no money behind', async () => {
    for (let round = 0; round < 10; round++) {
      const body = aCapture()
      await Promise.all([capture(body, { key: `c${round}` }), refund(body.orderId)])
      const { captured, refunded } = (await sandbox.balance(body.orderId)) ?? {}
      expect(captured).toBe(refunded)
    }
  })

  test('of tok_refund_refused is refused with 422, under every key, until a person has settled it', async () => {
    const body = aCapture({ paymentToken: 'tok_refund_refused' })
    expect((await capture(body)).body).toMatchObject({ status: 'captured' })
    for (const key of ['k1', 'k1', 'k2'])
      expect(await refund(body.orderId, { key })).toMatchObject({
        status: 422,
        body: { code: 'refused-on-purpose' },
      })
    expect(await sandbox.balance(body.orderId)).toMatchObject({ captured: 2_150, refunded: 0 })
    await sandbox.put('/behaviour', { payment: { settled: true } })
    expect((await refund(body.orderId, { key: 'k1' })).body).toMatchObject({ status: 'refunded' })
    expect(await sandbox.balance(body.orderId)).toMatchObject({ refunded: 2_150 })
  })

  test('of tok_refund_error_once fails first and pays when it is repeated', async () => {
    const body = aCapture({ paymentToken: 'tok_refund_error_once' })
    await capture(body)
    expect(await refund(body.orderId, { key: 'k' })).toMatchObject({ status: 500 })
    expect(await sandbox.balance(body.orderId)).toMatchObject({ refunded: 0 })
    expect((await refund(body.orderId, { key: 'k' })).body).toMatchObject({ status: 'refunded' })
  })
})
