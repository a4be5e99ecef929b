import { expect, test } from '@jest/globals'
import type { Divergence } from '#orchestration'
import { asJson, asText } from './print.ts'

const divergence = (sagaId: string): Divergence => ({
  participant: 'payment',
  sagaId,
  seq: 3,
  version: '2',
  before: 'captured',
  on: 'OrderCancelled',
  path: 'state.value',
  expected: 'refunding',
  found: 'settled',
})
const report = { sagas: 1_200, rows: 6_000, judged: 5_998, unjudged: new Map([['nobody knows', 2]]) }

test('a replay without a divergence says how much it went through', () => {
  expect(asText({ report: { ...report, divergences: [] }, from: 'services', seconds: 0.5 })).toBe(
    `1,200 sagas with 6,000 rows from services, in 0.5 s: 12,000 rows/s.
2 rows could not be decided again:
  2 × nobody knows
No divergence: each of these rows comes out as it was recorded.`,
  )
})

test('divergences of one kind are told once, with a saga as an example and the two ways on', () => {
  const divergences = ['s-1', 's-2'].map(divergence)
  const text = asText({ report: { ...report, divergences }, from: 'services', seconds: 0.5 })
  expect(text).toContain(`2 divergences:
  2 sagas, such as payment, saga s-1, row 3 of version 2: in captured, on OrderCancelled: state.value expected "refunding", found "settled"

Sagas of version 2 of "payment" that are under way would leave their path.`)
  expect(JSON.parse(asJson({ report: { ...report, divergences }, from: 'services', seconds: 0.5 }))).toEqual({
    from: 'services',
    sagas: 1_200,
    rows: 6_000,
    judged: 5_998,
    rowsPerSecond: 12_000,
    unjudged: { 'nobody knows': 2 },
    divergences: [{ sagas: 2, ...divergence('s-1') }],
  })
})
