import { afterEach, expect, jest, test } from '@jest/globals'
import { waitUntil } from './wait.ts'

const hour = 3_600_000

afterEach(() => {
  jest.restoreAllMocks()
})

/** Succeeds at the second call. */
function late(): () => Promise<string> {
  let calls = 0
  return async () => {
    if (++calls === 1) throw new Error('not yet')
    return 'there'
  }
}

test('a wait goes on when the clock is set forward in the middle of it', async () => {
  const began = Date.now()
  jest
    .spyOn(Date, 'now')
    .mockReturnValueOnce(began)
    .mockReturnValue(began + hour)
  expect(await waitUntil(late(), { limitMs: 60_000 })).toBe('there')
})

test('a wait that is over rejects with the last error', async () => {
  await expect(waitUntil(late(), { limitMs: -1 })).rejects.toThrow('not yet')
})
