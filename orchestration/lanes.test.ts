import { describe, expect, test } from '@jest/globals'
import { PoisonError } from '#messaging'
import { gate, silent } from './faults.fixtures.ts'
import { aHead } from './journal.fixtures.ts'
import type { Head } from './journal.ts'
import { lanes, longestBelief, type Saga, type Task, whenCovered } from './lanes.ts'
import { manualClock, quiet, turn } from './manual-clock.fixtures.ts'

const clock = manualClock()

const task = (run: (saga: Saga) => unknown): Task => ({
  name: 'a test',
  run: async (saga) => void (await run(saga)),
  poison: () => {},
})

const headIn = (partition: number): Head => aHead({ partition })

describe('the lane of a saga', () => {
  test('runs one task at a time, in the order of arrival; other sagas do not wait', async () => {
    const all = lanes({ clock, log: silent })
    const shut = gate()
    const done: string[] = []
    all.add(
      'a',
      task(async () => {
        await shut.fault(null)
        done.push('a1')
      }),
    )
    all.add(
      'a',
      task(() => done.push('a2')),
    )
    all.add(
      'b',
      task(() => done.push('b1')),
    )
    await turn()
    expect(done).toEqual(['b1'])
    shut.open()
    await all.idle()
    expect(done).toEqual(['b1', 'a1', 'a2'])
  })

  test('says in the log which task failed, and what it is about', async () => {
    const warned: unknown[] = []
    const log = {
      ...silent,
      warn: (message: string, fields?: object) => void warned.push({ message, ...fields }),
    }
    const all = lanes({ clock, log })
    let failures = 1
    all.add('a', {
      ...task(() => {
        if (failures-- > 0) throw new Error('not now')
      }),
      about: () => ({ eventId: 'e-1' }),
    })
    await quiet(clock)
    const fields = { sagaId: 'a', eventId: 'e-1', failures: 1, error: 'Error: not now' }
    expect(warned).toEqual([{ message: 'a test failed, trying again', ...fields }])
  })

  test('repeats a task that failed, and nothing of that saga overtakes it', async () => {
    const all = lanes({ clock, log: silent })
    const done: string[] = []
    let failures = 3
    all.add(
      'a',
      task(() => {
        if (failures-- > 0) throw new Error('not now')
        done.push('first')
      }),
    )
    all.add(
      'a',
      task(() => done.push('second')),
    )
    await quiet(clock, 50)
    expect(done).toEqual(['first', 'second'])
  })

  test('hands poison to the task and goes on', async () => {
    const all = lanes({ clock, log: silent })
    const seen: unknown[] = []
    const poison = new PoisonError('unreadable')
    all.add('a', { name: 'a test', run: () => Promise.reject(poison), poison: (error) => seen.push(error) })
    all.add(
      'a',
      task(() => seen.push('next')),
    )
    await all.idle()
    expect(seen).toEqual([poison, 'next'])
  })

  test('is stopped without beginning another attempt', async () => {
    const all = lanes({ clock, log: silent })
    let attempts = 0
    all.add(
      'a',
      task(() => {
        attempts++
        throw new Error('not now')
      }),
    )
    await turn()
    all.stop()
    await quiet(clock, 20)
    expect(attempts).toBe(1)
  })
})

describe('what is known of a saga', () => {
  test('is kept while it is used, and forgotten after longest disuse beyond the capacity', async () => {
    const all = lanes({ clock, log: silent, capacity: 2 })
    const known: (Head | null | undefined)[] = []
    const learn = task((saga) => {
      known.push(saga.head)
      saga.head = null
    })
    for (const id of ['a', 'b', 'a', 'c', 'a', 'b']) {
      all.add(id, learn)
      await all.idle()
    }
    expect(known).toEqual([undefined, undefined, null, undefined, null, undefined])
  })

  test('is never forgotten, nor held twice, while tasks of it run, wait, or wait for the head', async () => {
    const all = lanes({ clock, log: silent, capacity: 1 })
    const shut = gate()
    const covered: string[] = []
    const sagas = new Map<string, Set<Saga>>()
    const meet = (saga: Saga) => sagas.set(saga.id, (sagas.get(saga.id) ?? new Set()).add(saga))
    for (const id of ['a', 'b', 'c']) {
      all.add(
        id,
        task(async (saga) => {
          meet(saga)
          await shut.fault(null)
          whenCovered(saga, 1, () => covered.push(id))
        }),
      )
    }
    for (const id of ['c', 'b', 'a']) all.add(id, task(meet))
    shut.open()
    await all.idle()
    expect([...sagas.values()].map((known) => known.size)).toEqual([1, 1, 1])
    for (const id of ['a', 'b', 'c']) all.covered(id, 1)
    expect(covered).toEqual(['a', 'b', 'c'])
  })

  test('is forgotten when its partition is lost', async () => {
    const all = lanes({ clock, log: silent })
    const known: unknown[] = []
    const learn = (partition: number) =>
      task((saga) => {
        known.push(saga.head?.partition)
        saga.head = headIn(partition)
      })
    all.add('a', learn(1))
    all.add('b', learn(2))
    await all.idle()
    all.retain([2])
    all.add('a', learn(1))
    all.add('b', learn(2))
    await all.idle()
    expect(known).toEqual([undefined, undefined, undefined, 2])
  })

  test('is believed for an hour after it was read or written, however often it is used in between', async () => {
    const clock = manualClock(5 * longestBelief)
    const all = lanes({ clock, log: silent })
    const known: unknown[] = []
    const look = task(({ head, covered }) => known.push({ seq: head?.seq, covered }))
    const write = task((saga) => {
      saga.head = aHead({ seq: (saga.head?.seq ?? 0) + 1 })
      saga.covered = saga.head.seq
    })
    for (const [task, pause] of [
      [write, longestBelief],
      [write, longestBelief / 2],
      [look, longestBelief / 2],
      [look, 1],
      [look, 0],
    ] as const) {
      all.add('a', task)
      await all.idle()
      clock.advance(pause)
    }
    expect(known).toEqual([
      { seq: 2, covered: 2 },
      { seq: 2, covered: 2 },
      { seq: undefined, covered: 0 },
    ])
  })

  test('is asked for again by a task that is tried for longer than that', async () => {
    const clock = manualClock(5 * longestBelief)
    const all = lanes({ clock, log: silent })
    const known: unknown[] = []
    const outage = gate()
    all.add(
      'a',
      task((saga) => {
        saga.head = aHead()
      }),
    )
    await all.idle()
    all.add(
      'a',
      task(async ({ head }) => {
        known.push(head?.seq)
        if (known.length > 1) return
        await outage.fault(null)
        throw new Error('a fault of the test')
      }),
    )
    await turn()
    clock.advance(longestBelief + 1)
    outage.open()
    await quiet(clock)
    expect(known).toEqual([1, undefined])
  })
})

test('who waits for a head is told when it is reached or passed, at once when it was, and once only', async () => {
  const all = lanes({ clock, log: silent })
  const told: number[] = []
  all.add(
    'a',
    task((saga) => {
      for (const seq of [3, 1, 2]) whenCovered(saga, seq, () => told.push(seq))
    }),
  )
  await all.idle()
  all.covered('a', 2)
  expect(told).toEqual([1, 2])
  all.covered('a', 1)
  all.covered('a', 5)
  expect(told).toEqual([1, 2, 3])
  all.add(
    'a',
    task((saga) => whenCovered(saga, 4, () => told.push(4))),
  )
  await all.idle()
  expect(told).toEqual([1, 2, 3, 4])
})
