import { expect, test } from '@jest/globals'
import { RetryableError, TerminalError } from '#messaging'
import { silent } from '../faults.fixtures.ts'
import { manualClock } from '../manual-clock.fixtures.ts'
import { whenReachable } from './when-reachable.ts'

/** Lets the work run on and moves the clock, until it has settled. */
async function outcome<T>(clock: ReturnType<typeof manualClock>, work: Promise<T>): Promise<T | Error> {
  let settled = false
  const ended = work
    .catch((error: Error) => error)
    .finally(() => {
      settled = true
    })
  while (!settled) {
    clock.advance(1_000)
    await new Promise(setImmediate)
  }
  return await ended
}

test('a service that starts while a server is away starts when the server is back', async () => {
  const clock = manualClock()
  let tries = 0
  const start = async () => {
    if (++tries < 4) throw new RetryableError('the broker does not answer')
    return 'started'
  }
  expect(await outcome(clock, whenReachable(start, { clock, log: silent }))).toBe('started')
  expect(tries).toBe(4)
})

test('it gives up after a minute, with the last reason', async () => {
  const clock = manualClock()
  const began = clock.now()
  const start = () => Promise.reject(new RetryableError('the broker does not answer'))
  expect(await outcome(clock, whenReachable(start, { clock, log: silent }))).toMatchObject({
    message: 'the broker does not answer',
  })
  expect(clock.now() - began).toBeGreaterThanOrEqual(60_000)
})

test('what no waiting can mend ends the start at once', async () => {
  const clock = manualClock()
  let tries = 0
  const start = () => {
    tries++
    return Promise.reject(new TerminalError('the contracts are not published'))
  }
  expect(await outcome(clock, whenReachable(start, { clock, log: silent }))).toBeInstanceOf(TerminalError)
  expect(tries).toBe(1)
})
