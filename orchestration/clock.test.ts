import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { systemClock } from './clock.ts'

const day = 24 * 60 * 60 * 1000

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

test.each([10, day, 40 * day, 100 * day])('the system clock runs a task after %i ms, not before', (ms) => {
  const task = jest.fn()
  systemClock.schedule(ms, task)
  jest.advanceTimersByTime(ms - 1)
  expect(task).not.toHaveBeenCalled()
  jest.advanceTimersByTime(1)
  expect(task).toHaveBeenCalledTimes(1)
})

test('a task that is cancelled never runs, however late', () => {
  const task = jest.fn()
  const cancel = systemClock.schedule(40 * day, task)
  jest.advanceTimersByTime(30 * day)
  cancel()
  jest.advanceTimersByTime(30 * day)
  expect(task).not.toHaveBeenCalled()
})
