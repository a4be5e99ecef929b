import { expect, test } from '@jest/globals'
import { mealSteps, storyOf } from './meal.fixtures.ts'
import { rates } from './rates.ts'
import type { Story } from './saga-machine.ts'

const minute = 60_000
const now = 100 * 60 * minute + 30_000
const open = storyOf(mealSteps('m1').slice(0, 1))
const over = storyOf(mealSteps('m1'))
const at = (story: Story, beganAt: number, end: number, hasCompensated = false): Story => ({
  ...story,
  beganAt,
  at: end,
  hasCompensated,
})
const total = (counted: ReturnType<typeof rates>, name: 'started' | 'ended' | 'compensated') =>
  counted.minutes(now).reduce((sum, each) => sum + each[name], 0)

test('a saga counts once, in the minutes in which it began and ended, however often it is told on', () => {
  const counted = rates()
  const begun = at(open, now - 10 * minute, now - 10 * minute)
  const ended = at(over, now - 10 * minute, now - minute, true)
  counted.count([{ before: null, after: begun }])
  counted.count([{ before: begun, after: { ...begun, at: now - 5 * minute } }])
  counted.count([{ before: { ...begun, at: now - 5 * minute }, after: ended }])
  counted.count([{ before: ended, after: ended }])
  const minutes = counted.minutes(now)
  expect(minutes).toHaveLength(60)
  expect(minutes.at(-1)?.minute).toBe(now - 30_000)
  expect(minutes.at(-11)).toMatchObject({ started: 1, ended: 0 })
  expect(minutes.at(-2)).toMatchObject({ started: 0, ended: 1, compensated: 1 })
  expect(['started', 'ended', 'compensated'].map((name) => total(counted, name as 'ended'))).toEqual([
    1, 1, 1,
  ])
})

test('what was longer ago than an hour is not counted, whether it was told then or now', () => {
  const counted = rates()
  counted.count([{ before: null, after: at(over, now - 70 * minute, now - 62 * minute) }])
  counted.count([{ before: null, after: at(over, now - 61 * minute, now - minute) }])
  counted.count([{ before: null, after: at(over, now - 65 * minute, now - 64 * minute) }])
  expect([total(counted, 'started'), total(counted, 'ended')]).toEqual([0, 1])
  expect(counted.durations(now)).toMatchObject({ sagas: 1 })
})

test('durations are right to two percent', () => {
  const counted = rates()
  expect(counted.durations(now)).toBeNull()
  const stories = Array.from({ length: 100 }, (_, i) =>
    at(over, now - 2 * minute, now - 2 * minute + (i + 1) * 100),
  )
  counted.count(stories.map((after) => ({ before: null, after })))
  const { p50, p95, sagas } = counted.durations(now) ?? { p50: 0, p95: 0, sagas: 0 }
  expect(sagas).toBe(100)
  expect(Math.abs(p50 - 5_000)).toBeLessThan(100)
  expect(Math.abs(p95 - 9_500)).toBeLessThan(190)
})
