import { expect, test } from '@jest/globals'
import { gate, silent } from '../faults.fixtures.ts'
import { manualClock, turn } from '../manual-clock.fixtures.ts'
import { pacedJob } from './paced-job.ts'

const pauses = { first: 1_000, between: 10, rest: 100 }

/** A job whose pieces do what `pieces` say, one after the other, and nothing after the last. */
function job(...pieces: (() => boolean | Promise<boolean>)[]) {
  const clock = manualClock(0)
  const at: number[] = []
  const paced = pacedJob({
    name: 'a test',
    clock,
    log: silent,
    pauses,
    async piece() {
      at.push(clock.now())
      return (await pieces.shift()?.()) ?? false
    },
  })
  async function pass(ms: number): Promise<void> {
    for (let i = 0; i < ms; i++) {
      clock.advance(1)
      await turn()
    }
  }
  return { clock, at, paced, pass }
}

test('a job begins late, goes on after a short pause while more is left, and looks again after a long one', async () => {
  const { at, pass } = job(
    () => true,
    () => true,
    () => false,
    () => false,
  )
  await pass(1_130)
  expect(at).toEqual([1_000, 1_010, 1_020, 1_120])
})

test('a piece that fails is left until the next look', async () => {
  const { at, pass } = job(
    () => Promise.reject(new Error('a fault of the test')),
    () => true,
  )
  await pass(1_115)
  expect(at).toEqual([1_000, 1_100, 1_110])
})

test('a stopped job finishes its piece and begins no other', async () => {
  const slow = gate()
  const { clock, at, paced, pass } = job(async () => {
    await slow.fault(null)
    return true
  })
  await pass(1_000)
  let stopped = false
  void paced.stop().then(() => {
    stopped = true
  })
  await pass(200)
  expect(stopped).toBe(false)
  slow.open()
  await pass(200)
  expect({ stopped, pieces: at.length, scheduled: clock.scheduled() }).toEqual({
    stopped: true,
    pieces: 1,
    scheduled: 0,
  })
})

test('a job is stopped in the middle of a pause at once', async () => {
  const { clock, at, paced } = job()
  await paced.stop()
  expect({ at, scheduled: clock.scheduled() }).toEqual({ at: [], scheduled: 0 })
})
