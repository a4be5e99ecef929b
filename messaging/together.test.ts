import { expect, test } from '@jest/globals'
import { together } from './together.ts'

test('what is asked while a call is under way goes together into the next', async () => {
  const calls: (readonly number[])[] = []
  const first = Promise.withResolvers<void>()
  const double = together(async (items: readonly number[]) => {
    calls.push(items)
    if (calls.length === 1) await first.promise
    return items.map((item) => 2 * item)
  })
  const answers = [1, 2, 3].map(double)
  first.resolve()
  expect(await Promise.all(answers)).toEqual([2, 4, 6])
  expect(calls).toEqual([[1], [2, 3]])
})

test('a call that fails fails for those who were in it, and for nobody else', async () => {
  const refuseOdd = together(async (items: readonly number[]) => {
    if (items.some((item) => item % 2 === 1)) throw new Error('odd')
    return items
  })
  const ends = await Promise.allSettled([refuseOdd(1), refuseOdd(2), refuseOdd(4)])
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
  await expect(refuseOdd(6)).resolves.toBe(6)
})
