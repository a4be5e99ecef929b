import { expect, test } from '@jest/globals'
import { longestStay } from './retention.ts'

const day = 24 * 60 * 60 * 1000

test('a record stays for the retention, and for the time of the segment that it lies in', () => {
  expect(longestStay({ 'retention.ms': '60000', 'segment.ms': '1000' })).toBe(61_000)
  expect(longestStay({ 'cleanup.policy': 'compact, delete', 'retention.ms': '5', 'segment.ms': '1' })).toBe(6)
})

test('what a topic does not say is what Kafka says by itself: seven days each', () => {
  expect(longestStay({})).toBe(14 * day)
  expect(longestStay({ 'retention.ms': String(day) })).toBe(8 * day)
})

test('without a limit, or where only newer records of a key drive out older ones, it stays for ever', () => {
  expect(longestStay({ 'retention.ms': '-1' })).toBe(Number.POSITIVE_INFINITY)
  expect(longestStay({ 'cleanup.policy': 'compact', 'retention.ms': '60000' })).toBe(Number.POSITIVE_INFINITY)
  expect(longestStay({ 'cleanup.policy': '' })).toBe(Number.POSITIVE_INFINITY)
})
