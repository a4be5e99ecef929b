import { expect, test } from '@jest/globals'
import { gate, silent } from '../faults.fixtures.ts'
import { aHead } from '../journal.fixtures.ts'
import { lanes, type Saga, type Task } from '../lanes.ts'
import { manualClock, turn } from '../manual-clock.fixtures.ts'
import { undisturbed } from './undisturbed.ts'

const task = (run: (saga: Saga) => unknown): Task => ({
  name: 'a test',
  run: async (saga) => void (await run(saga)),
  poison: () => {},
})

test('what comes for a saga meanwhile waits until the work is over, and then knows nothing of it', async () => {
  const all = lanes({ clock: manualClock(), log: silent })
  all.add(
    'a',
    task((saga) => {
      saga.head = aHead({ seq: 3 })
      saga.covered = 3
    }),
  )
  await all.idle()
  const work = gate()
  const seen: unknown[] = []
  const over = undisturbed(all, ['a'], async (idle) => {
    seen.push(...idle)
    await work.fault(null)
  })
  all.add(
    'a',
    task(({ head, covered }) => seen.push({ head, covered })),
  )
  await turn()
  expect(seen).toEqual(['a'])
  work.open()
  await over
  await all.idle()
  expect(seen).toEqual(['a', { head: undefined, covered: 0 }])
})

test('a saga that something is done to is left out, and keeps what is known of it', async () => {
  const all = lanes({ clock: manualClock(), log: silent })
  const busy = gate()
  all.add(
    'busy',
    task(async (saga) => {
      saga.head = aHead()
      await busy.fault(null)
    }),
  )
  const worked: (readonly string[])[] = []
  await undisturbed(all, ['busy', 'idle'], async (idle) => void worked.push(idle))
  busy.open()
  await all.idle()
  let known: unknown
  all.add(
    'busy',
    task(({ head }) => {
      known = head
    }),
  )
  expect(worked).toEqual([['idle']])
  expect(known).toBeDefined()
})

test('sagas go on when the work fails', async () => {
  const all = lanes({ clock: manualClock(), log: silent })
  const failed = undisturbed(all, ['a'], () => Promise.reject(new Error('a fault of the test')))
  await expect(failed).rejects.toThrow('a fault of the test')
  const done: string[] = []
  all.add(
    'a',
    task(() => done.push('a')),
  )
  await all.idle()
  expect(done).toEqual(['a'])
})
