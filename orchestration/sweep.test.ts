import { expect, test } from '@jest/globals'
import { type Fault, fails, silent } from './faults.fixtures.ts'
import { aHead } from './journal.fixtures.ts'
import { manualClock, quiet, turn } from './manual-clock.fixtures.ts'
import { memoryStore } from './memory-store.ts'
import { sweep } from './sweep.ts'

/** A sweep over this many heads that are due, one a millisecond from 1 on, alternately in partitions 0 and 1. */
async function swept({ heads = 4, fault = (() => {}) as Fault, owned = [0, 1] } = {}) {
  const clock = manualClock(0)
  const store = memoryStore()
  await store.writeHeads(
    Array.from({ length: heads }, (_, i) => aHead({ _id: `s${i}`, partition: i % 2, dueAt: i + 1 })),
  )
  const found: string[] = []
  const done: (() => void)[] = []
  const overdue: number[] = []
  const rounds = sweep({
    store: {
      ...store,
      async dueHeads(query) {
        await fault(query)
        return store.dueHeads(query)
      },
    },
    clock,
    log: silent,
    interval: 200,
    owned: () => owned,
    onOverdue: (sagas) => void overdue.push(sagas),
    onDue(head, finish) {
      found.push(head._id)
      done.push(finish)
    },
  })
  await turn()
  return { clock, found, done, overdue, rounds }
}

test('what is due in owned partitions is found, in its order, and not what is due later', async () => {
  const { clock, found } = await swept({ heads: 300 })
  clock.advance(200)
  await turn()
  expect(found).toEqual(Array.from({ length: 200 }, (_, i) => `s${i}`))
})

test('what is due in partitions of others is left to them', async () => {
  const { clock, found } = await swept({ owned: [1] })
  clock.advance(200)
  await turn()
  expect(found).toEqual(['s1', 's3'])
})

test('all pages are read, so that nothing at the front hides what is due behind it', async () => {
  const { clock, found } = await swept({ heads: 1_750 })
  clock.advance(2_000)
  await quiet(clock, 20)
  expect(found).toHaveLength(1_750)
})

test('a saga is not handed over again before it was looked at, and then until its head has moved', async () => {
  const { clock, found, done } = await swept({ heads: 1 })
  await quiet(clock, 50)
  expect(found).toEqual(['s0'])
  done[0]?.()
  await quiet(clock, 50)
  expect(found).toEqual(['s0', 's0'])
})

test('a look that fails is repeated', async () => {
  const { clock, found } = await swept({ fault: fails(3) })
  await quiet(clock, 60)
  expect(found).toEqual(['s0', 's1', 's2', 's3'])
})

test('partitions that were gained are looked through at once, also for what falls due soon', async () => {
  const { clock, found, rounds } = await swept({ owned: [] })
  await rounds.recover([1], 3)
  expect(found).toEqual(['s1'])
  await rounds.recover([0], 10_000)
  expect(found).toEqual(['s1', 's0', 's2'])
  expect(clock.now()).toBe(0)
})

test('a recovery that fails is left to the next look', async () => {
  const { clock, found, rounds } = await swept({ fault: fails(1) })
  await rounds.recover([0, 1], 10_000)
  await quiet(clock, 30)
  expect(found.sort()).toEqual(['s0', 's1', 's2', 's3'])
})

test('a stopped sweep looks no more', async () => {
  const { clock, found, rounds } = await swept()
  let stopped = false
  void rounds.stop().then(() => {
    stopped = true
  })
  await quiet(clock, 50)
  expect({ stopped, found, scheduled: clock.scheduled() }).toEqual({ stopped: true, found: [], scheduled: 0 })
})

test('sagas that are due for more than ten seconds are overdue', async () => {
  const { clock, overdue } = await swept({ heads: 3 })
  expect(overdue).toEqual([0])
  clock.advance(10_003)
  await turn()
  expect(overdue).toEqual([0, 2])
})
