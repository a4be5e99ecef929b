import { expect, test } from '@jest/globals'
import { absolute, distance, duration, moment } from './durations.ts'

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [4_240, '4.2 s'],
  [9_999, '9 s'],
  [59_999, '59 s'],
  [14 * 60_000, '14 min'],
  [3_599_999, '59 min'],
  [26 * 3_600_000, '1 d'],
])('%d ms is said as %s', (ms, said) => {
  expect(duration(ms)).toBe(said)
})

test('a moment is said by its distance from now, to both sides', () => {
  expect(distance(0, 240_000)).toBe('4 min ago')
  expect(distance(20_000, 0)).toBe('in 20 s')
  expect(distance(1_400, 0)).toBe('in 1 s')
  expect(distance(999, 0)).toBe('now')
})

test('a moment of another day says its day', () => {
  const now = Date.parse('2026-11-23T10:00:00Z')
  expect(moment('2026-11-23T09:15:00.250Z', 'utc', now)).toBe('09:15:00')
  expect(moment('2026-11-22T09:15:00.250Z', 'utc', now)).toBe('2026-11-22 09:15:00')
  expect(moment('2026-11-23T09:15:00Z', 'relative', now)).toBe('45 min ago')
  expect(absolute('2026-11-22T09:15:00.250Z')).toBe('2026-11-22 09:15:00.250 UTC')
})
