import { beforeEach, describe, expect, test } from '@jest/globals'
import type { JournalRow } from '#orchestration'
import { active } from '../../../orchestration/journal.fixtures.ts'
import { finished, type Stage, stage } from '../stage.fixtures.ts'

let on: Stage
beforeEach(async () => {
  on = await stage()
})

const why = ['--reason', 'the provider is away']
const hold = { row: 'o-1:1', seq: 1, id: 'c', code: 'CHORUS_PAUSED', reason: 'lunch', at: 1 }
const effect = {
  key: 'refund@1',
  id: 'refund',
  src: 'refund',
  input: {},
  idempotencyKey: 'k',
  startedAt: 1,
  failures: 3,
  notBefore: 60_000,
  trace: {},
}
const busy: Partial<JournalRow> = { effects: { started: [effect], ended: [] } }

describe('saga pause', () => {
  test('tells every part that is not finished, in the name of whoever types, within the trace of the saga', async () => {
    await on.begin('order', 'o-1')
    await on.begin('payment', 'o-1', [{}, {}])
    await on.begin('shipping', 'o-1', [finished])
    for (const name of ['order', 'payment', 'shipping']) await on.take(name)
    const { code, values, err } = await on.type(['saga', 'pause', 'o-1', ...why])
    expect({ code, err }).toEqual({ code: 0, err: '2 applied' })
    expect(values).toMatchObject([
      { saga: 'o-1', participant: 'order', what: 'pause', result: 'applied' },
      { saga: 'o-1', participant: 'payment', what: 'pause', result: 'applied' },
    ])
    expect(await on.records('shipping.control')).toEqual([])
    const [record] = await on.records('payment.control')
    expect(record).toMatchObject({
      key: 'o-1',
      headers: {
        control_command: 'pause',
        control_by: 'ada',
        control_reason: 'the provider is away',
        traceparent: expect.stringContaining('0af7651916cd43dd'),
      },
    })
  })

  test('can be meant for one part alone, which then says itself why nothing comes of it', async () => {
    await on.begin('order', 'o-1')
    await on.begin('payment', 'o-1')
    await on.take('payment', ({ headers }) => ({
      outcome: 'ignored',
      cause: {
        kind: 'command',
        id: headers.control_id ?? '',
        command: 'pause',
        by: '',
        reason: '',
        error: 'it is paused already',
      },
    }))
    const { code, values } = await on.type(['saga', 'pause', 'o-1', '--participant', 'payment', ...why])
    expect({ code, values }).toMatchObject({
      code: 1,
      values: [{ participant: 'payment', result: 'ignored', detail: 'ignored: it is paused already' }],
    })
  })

  test('of a saga that nobody knows fails, and the others are paused', async () => {
    await on.begin('order', 'o-1')
    await on.take('order')
    const { code, values, err } = await on.type(['saga', 'pause', 'o-1', 'o-9', ...why])
    expect({ code, values, err }).toMatchObject({ code: 1, values: [{ saga: 'o-1' }] })
    expect(err).toContain('Nobody knows a saga o-9.')
  })

  test('finds sagas by state and age, as many as the limit says', async () => {
    const old = { at: Date.now() - 3_600_000 }
    await on.begin('order', 'o-1', [{ ...old, state: active('paying') }])
    await on.begin('order', 'o-2', [{ ...old, state: active('shipping') }])
    await on.begin('order', 'o-3', [{ at: Date.now(), state: active('paying') }])
    await on.begin('payment', 'o-4', [{ ...old, state: active('paying') }])
    const found = async (...query: string[]) =>
      (await on.type(['saga', 'pause', '--dry-run', ...query])).values.map(({ saga }) => saga).sort()
    expect(await found('--state', 'paying')).toEqual(['o-1', 'o-3', 'o-4'])
    expect(await found('--state', 'paying', '--participant', 'order')).toEqual(['o-1', 'o-3'])
    expect(await found('--state', 'paying', '--older-than', '10m')).toEqual(['o-1', 'o-4'])
    expect(await found('--older-than', '10m')).toEqual(['o-1', 'o-2', 'o-4'])
    const limited = await on.type(['saga', 'pause', '--dry-run', '--older-than', '10m', '--limit', '2'])
    expect(limited.values).toHaveLength(2)
    expect(limited.err).toContain('there may be more')
    expect(await on.records('order.control')).toEqual([])
  })

  test('of several asks first on a terminal', async () => {
    await on.begin('order', 'o-1')
    await on.begin('order', 'o-2')
    const { code, err } = await on.type(['saga', 'pause', 'o-1', 'o-2', ...why], { answer: '' })
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('[y/N]') })
    expect(await on.records('order.control')).toEqual([])
  })
})

test('saga resume tells the parts that are held, saga retry those with an effect under way', async () => {
  await on.begin('order', 'o-1', [{ held: hold }])
  await on.begin('payment', 'o-1', [busy])
  for (const name of ['order', 'payment']) await on.take(name)
  expect((await on.type(['saga', 'resume', 'o-1', ...why])).values).toMatchObject([{ participant: 'order' }])
  expect((await on.type(['saga', 'retry', 'o-1', ...why])).values).toMatchObject([{ participant: 'payment' }])
  await on.begin('shipping', 'o-2')
  const { code, err } = await on.type(['saga', 'resume', 'o-2', ...why])
  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('no part of it is held') })
})

describe('saga signal', () => {
  test('says the event of the contract, with the order and the reason filled in', async () => {
    await on.begin('payment', 'o-1')
    await on.take('payment')
    const { code, values } = await on.type(['saga', 'signal', 'o-1', 'RetryRefund', ...why])
    expect({ code, values }).toMatchObject({ code: 0, values: [{ what: 'RetryRefund', result: 'applied' }] })
    const [record] = await on.records('payment.control')
    expect(record?.headers.traceparent).toContain('0af7651916cd43dd')
    expect(record && (await on.infrastructure.codec.decode(record))).toMatchObject({
      type: 'RetryRefund',
      source: 'operator',
      by: 'ada',
      reason: 'the provider is away',
      sagaId: 'o-1',
      data: { orderId: 'o-1', reason: 'the provider is away' },
    })
  })

  test('takes further fields, and names the one that is missing, wrong or unknown', async () => {
    await on.begin('payment', 'o-1')
    const signal = (...data: string[]) =>
      on.type(['saga', 'signal', 'o-1', 'ConfirmRefund', '--dry-run', ...data])
    expect((await signal('--data', '{"refundId":"r-1"}')).values).toMatchObject([
      { data: { orderId: 'o-1', refundId: 'r-1', paymentId: null, reason: '' } },
    ])
    expect(await signal()).toMatchObject({ code: 1, err: expect.stringContaining('refundId') })
    expect(await signal('--data', '{"refundId":7}')).toMatchObject({
      code: 1,
      err: expect.stringContaining('refundId'),
    })
    expect(await signal('--data', '{"refund":"r"}')).toMatchObject({
      code: 2,
      err: expect.stringContaining('"refund"'),
    })
    expect(await signal('--data', 'r-1')).toMatchObject({ code: 2, err: expect.stringContaining('JSON') })
  })

  test('refuses what participants say themselves, and what nobody says, and lists the signals', async () => {
    const said = await on.type(['saga', 'signal', 'o-1', 'OrderPaid', ...why])
    expect(said).toMatchObject({ code: 2, err: expect.stringMatching(/OrderPaid.*RetryRefund \(payment\)/) })
    expect(await on.type(['saga', 'signal', 'o-1', 'Nonsense', ...why])).toMatchObject({ code: 2 })
  })

  test('refuses a saga that the participant does not know', async () => {
    const { code, err } = await on.type(['saga', 'signal', 'o-9', 'RetryRefund', ...why])
    expect({ code, err }).toEqual({ code: 1, err: '✗ payment knows no saga o-9.' })
    expect(await on.records('payment.control')).toEqual([])
  })
})

test('saga cancel says CancelOrder where customers say it', async () => {
  await on.begin('order', 'o-1')
  await on.take('order')
  expect(await on.type(['saga', 'cancel', 'o-1', ...why])).toMatchObject({ code: 0 })
  const [record] = await on.records('order.commands')
  expect(record && (await on.infrastructure.codec.decode(record))).toMatchObject({
    type: 'CancelOrder',
    source: 'operator',
    by: 'ada',
    reason: 'the provider is away',
    data: { orderId: 'o-1', reason: 'the provider is away' },
  })
})

test('saga show tells the state of each part, its holds, what it waits for and its last rows, and no payload', async () => {
  await on.begin('order', 'o-1', [{}, {}, {}, {}, {}, { held: hold }])
  await on.begin('payment', 'o-1', [busy])
  const { code, values } = await on.type(['saga', 'show', 'o-1'])
  expect(code).toBe(0)
  expect(values).toMatchObject([
    { participant: 'order', state: 'paying', held: [hold] },
    { participant: 'payment', effects: [{ key: 'refund@1', failures: 3 }] },
  ])
  expect(values[0]?.rows).toHaveLength(5)
  expect(JSON.stringify(values)).not.toContain('amount')
  const { out } = await on.type(['saga', 'show', 'o-1'], { answer: '' })
  expect(out[0]).toMatch(/^order {2}paying/)
  expect(out[1]).toContain('held since 1970-01-01 00:00:00Z by row o-1:1: CHORUS_PAUSED, lunch')
})
