import { expect, test } from '@jest/globals'
import { sinceBusy } from './minutes.ts'

const hour = (busyFrom: number) =>
  Array.from({ length: 60 }, (_, i) => ({
    minute: String(i),
    started: i >= busyFrom ? 1 : 0,
    ended: 0,
    compensated: 0,
  }))

test('a chart begins with the first busy minute, and shows a quarter of an hour at least', () => {
  expect(sinceBusy(hour(20))[0]?.minute).toBe('20')
  expect(sinceBusy(hour(58))).toHaveLength(15)
  expect(sinceBusy(hour(60))).toHaveLength(15)
  expect(sinceBusy(hour(0))).toHaveLength(60)
})
