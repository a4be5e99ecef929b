import { expect, test } from '@jest/globals'
import { clockFrom } from './clock.ts'

test('a process takes the time from its machine', () => {
  const before = Date.now()
  const now = clockFrom({}).now()
  expect(now).toBeGreaterThanOrEqual(before)
  expect(now).toBeLessThanOrEqual(Date.now())
})

test.each([3_600_000, -3_600_000])(
  'an offset of %d ms moves the time, and not how long things take',
  async (offset) => {
    const clock = clockFrom({ CHORUS_CLOCK_OFFSET: String(offset) })
    expect(Math.abs(clock.now() - Date.now() - offset)).toBeLessThan(1_000)
    const began = performance.now()
    await new Promise<void>((resolve) => void clock.schedule(20, resolve))
    expect(performance.now() - began).toBeLessThan(5_000)
  },
)

test('an offset that is no whole number is refused with what was expected', () => {
  expect(() => clockFrom({ CHORUS_CLOCK_OFFSET: 'an hour' })).toThrow(/CHORUS_CLOCK_OFFSET: got "an hour"/)
})
