import { describe, expect, test } from '@jest/globals'
import { desk, deskOf, patience, performed } from '../booking.fixtures.ts'
import { keyOf, pureSaga } from './pure-saga.fixtures.ts'

const booked = () => {
  const saga = pureSaga(desk())
  saga.hear('Book')
  return saga
}

describe('a timer', () => {
  const waiting = () => {
    const saga = booked()
    saga.hear('Sat')
    return saga
  }
  const id = 'xstate.after.patience.booking.waiting'

  test('is keyed by the row that started it, and due after its delay', () => {
    const saga = waiting()
    expect(saga.head?.timers).toMatchObject([{ id, key: `${id}@2`, dueAt: 1_000 + patience }])
    expect(saga.head?.dueAt).toBe(1_000 + patience)
  })

  test('that fires moves the machine and is gone', () => {
    const saga = waiting()
    saga.fire(id)
    expect(saga.last()).toMatchObject({
      cause: { kind: 'timer', id: `${id}@2`, dueAt: 1_000 + patience },
      timers: { started: [], ended: [`${id}@2`] },
      emitted: [{ type: 'Lapsed' }],
      state: { value: 'lapsed', status: 'done' },
    })
    expect(saga.head?.dueAt).toBeNull()
  })

  test('is cancelled when its state is left', () => {
    const saga = waiting()
    saga.hear('Left')
    expect(saga.last().timers).toEqual({ started: [], ended: [`${id}@2`] })
  })

  test('is replaced when its state is entered again, and the old generation fires into nothing', () => {
    const saga = waiting()
    saga.now += 5
    saga.hear('Sat')
    expect(saga.last().timers).toMatchObject({ started: [{ key: `${id}@3` }], ended: [`${id}@2`] })
    expect(saga.head?.dueAt).toBe(1_005 + patience)
    expect(saga.take({ kind: 'timer', key: `${id}@2` })).toBe('stale')
    expect(saga.take({ kind: 'timer', key: `${id}@3` })).toMatchObject({ state: { value: 'lapsed' } })
  })

  test('of no time at all is a timer too; one below zero is due at once', () => {
    for (const delay of [0, -5]) {
      const states = { a: { on: { Book: 'b' } }, b: { after: { [delay]: 'c' } }, c: {} }
      const saga = pureSaga(deskOf({ initial: 'a', states }))
      saga.hear('Book')
      expect(saga.head).toMatchObject({ state: { value: 'b' }, dueAt: 1_000 })
    }
  })
})

describe('an effect', () => {
  const arrived = (checkIn = { run: async () => ({ room: 7 }), deadline: 500 }) => {
    const saga = pureSaga(desk(checkIn), 'b-1')
    saga.hear('Book')
    saga.hear('Arrived')
    return saga
  }

  test('is asked for with its input, its idempotency key and its deadline', () => {
    expect(arrived().last().effects.started).toMatchObject([
      {
        key: 'checkIn@2',
        id: 'checkIn',
        src: 'checkIn',
        input: { bookingId: 'b-1' },
        idempotencyKey: 'b-1:2/checkIn',
        startedAt: 1_000,
        deadlineAt: 1_500,
        failures: 0,
      },
    ])
  })

  test('answers into the machine, whether it is done or refused', () => {
    const done = arrived()
    done.answer('checkIn', 'done', { room: 7 })
    expect(done.last()).toMatchObject({
      cause: { kind: 'answer', id: 'checkIn@2', status: 'done', value: { room: 7 } },
      effects: { started: [], ended: ['checkIn@2'] },
      state: { value: 'checkedIn' },
    })
    const refused = arrived()
    refused.answer('checkIn', 'error', { message: 'full', code: 'FULL' })
    expect(refused.last()).toMatchObject({ state: { value: 'refused' } })
  })

  test('is cancelled when its state is left, and its answer comes to nothing', () => {
    const saga = arrived()
    const key = keyOf(saga.head?.effects, 'checkIn')
    saga.hear('Left')
    expect(saga.last().effects).toEqual({ started: [], ended: [key] })
    expect(saga.take({ kind: 'answer', key, status: 'done', value: null })).toBe('stale')
    expect(saga.take({ kind: 'retry', key, error: 'late', notBefore: 0 })).toBe('stale')
  })

  test('is replaced when its state is entered again, and the old answer does not count for the new one', () => {
    const saga = arrived()
    saga.hear('Arrived')
    expect(saga.last().effects).toMatchObject({
      started: [{ key: 'checkIn@3', idempotencyKey: 'b-1:3/checkIn' }],
      ended: ['checkIn@2'],
    })
    expect(saga.take({ kind: 'answer', key: 'checkIn@2', status: 'done', value: null })).toBe('stale')
    expect(saga.head?.state?.value).toBe('checkingIn')
  })

  test('that is tried again keeps its first start, its key and its deadline, and counts', () => {
    const saga = arrived()
    const [first] = saga.head?.effects ?? []
    for (const failures of [1, 2]) {
      saga.now += 100
      saga.take({ kind: 'retry', key: 'checkIn@2', error: 'busy', notBefore: saga.now + 50 })
      expect(saga.last()).toMatchObject({ cause: { kind: 'retry', id: 'checkIn@2', error: 'busy' } })
      expect(saga.head?.effects).toEqual([{ ...first, failures, notBefore: saga.now + 50, attempted: {} }])
    }
  })

  test('of the initial state is cancelled by the very event that starts the saga', () => {
    const states = {
      a: { invoke: { id: 'seat', src: 'seat', onDone: 'b', onError: 'b' }, on: { Book: 'b' } },
      b: {},
    }
    const saga = pureSaga(deskOf({ initial: 'a', states }, { seat: { run: performed } }))
    saga.hear('Book')
    expect(saga.last().effects).toEqual({ started: [], ended: [] })
  })

  test('of the whole machine ends with the machine', () => {
    const part = deskOf(
      {
        invoke: { id: 'seat', src: 'seat', onDone: {}, onError: {} },
        initial: 'a',
        states: { a: { on: { Book: 'b' } }, b: { on: { Left: 'c' } }, c: { type: 'final' } },
      },
      { seat: { run: performed } },
    )
    const saga = pureSaga(part)
    saga.hear('Book')
    expect(saga.head?.effects).toHaveLength(1)
    saga.hear('Left')
    expect(saga.head).toMatchObject({ state: { status: 'done' }, effects: [], dueAt: null })
  })
})
