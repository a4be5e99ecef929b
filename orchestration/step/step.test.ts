import { describe, expect, test } from '@jest/globals'
import { version as uuidVersion } from 'uuid'
import { assign, emit } from 'xstate'
import { PoisonError } from '#messaging'
import { desk, deskOf } from '../booking.fixtures.ts'
import { pureSaga } from './pure-saga.fixtures.ts'

const booked = () => {
  const saga = pureSaga(desk())
  saga.hear('Book')
  return saga
}

describe('a saga', () => {
  test('is started by an event of the initial state, in one row with what the event leads to', () => {
    const saga = pureSaga(desk(), 'b-1')
    expect(saga.hear('Book', {}, 'e-1')).toMatchObject({
      _id: 'b-1:1',
      seq: 1,
      version: '1',
      partition: 3,
      at: 1_000,
      cause: { kind: 'event', id: 'e-1', type: 'Book', topic: 'guest.events', offset: '0' },
      outcome: 'applied',
      consumed: ['e-1'],
      emitted: [{ type: 'Booked', data: { bookingId: 'b-1', n: 0 } }],
      state: { value: 'booked', status: 'active', context: { bookingId: 'b-1', notes: 0 } },
    })
  })

  test('takes each event in once, whatever came since', () => {
    const saga = booked()
    saga.hear('Noted', { n: 1 }, 'note')
    saga.hear('Hurry', { n: 2 })
    expect(saga.hear('Noted', { n: 1 }, 'note')).toBe('duplicate')
    expect(saga.rows).toHaveLength(3)
  })

  test('that only waits for its start takes the version that starts it', () => {
    const early = pureSaga(desk())
    early.hear('Noted', { n: 1 })
    const newer = pureSaga(desk(undefined, '2'))
    newer.head = early.head
    expect(newer.hear('Book')).toMatchObject({ version: '2' })
  })

  test('emits events whose ids are UUIDv5 and the same whoever decides', () => {
    const ids = () =>
      booked()
        .last()
        .emitted.map((event) => event.id)
    const [id = ''] = ids()
    expect(uuidVersion(id)).toBe(5)
    expect(ids()).toEqual([id])
    expect(pureSaga(desk(), 'another').hear('Book')).not.toMatchObject({ emitted: [{ id }] })
  })
})

test('a command rests in its row with all that it says, an event in the row of whoever said it', () => {
  const saga = pureSaga(desk())
  saga.hear('Book', { bookingId: 'b-1', n: 1 })
  expect(saga.last().cause).toMatchObject({ type: 'Book', data: { bookingId: 'b-1', n: 1 } })
  saga.hear('Noted', { bookingId: 'b-1', n: 2 })
  expect(saga.last().cause).not.toHaveProperty('data')
})

describe('an event that comes too early', () => {
  test('for a saga that is not started makes a row that only defers it', () => {
    const saga = pureSaga(desk())
    saga.hear('Noted', { n: 1 }, 'early')
    expect(saga.last()).toMatchObject({ outcome: 'deferred', consumed: ['early'], emitted: [], state: null })
    expect(saga.last().deferred).toMatchObject({ id: 'early', type: 'Noted', data: { n: 1 }, seq: 1 })
    expect(saga.hear('Noted', { n: 1 }, 'early')).toBe('duplicate')
  })

  test('for the state, but not for a reachable one, is deferred and taken in later', () => {
    const saga = booked()
    saga.hear('Thanked', { n: 9 }, 'thanks')
    expect(saga.last()).toMatchObject({ outcome: 'deferred', state: { value: 'booked' } })
    saga.hear('Arrived')
    expect(saga.head?.deferred).toHaveLength(1)
    saga.answer('checkIn', 'done', { room: 7 })
    expect(saga.last().consumed).toEqual(['thanks'])
    expect(saga.last().emitted.map((event) => event.type)).toEqual(['CheckedIn', 'Echoed'])
    expect(saga.head?.deferred).toEqual([])
  })

  test('is offered again within the row that starts the saga, in the order of arrival', () => {
    const saga = pureSaga(desk())
    saga.hear('Noted', { n: 1 }, 'first')
    saga.hear('Noted', { n: 2 }, 'second')
    saga.hear('Book', {}, 'start')
    expect(saga.rows).toHaveLength(3)
    expect(saga.last().consumed).toEqual(['start', 'first', 'second'])
    expect(saga.last().emitted.map(({ type, data }) => [type, data.n])).toEqual([
      ['Booked', 0],
      ['Echoed', 1],
      ['Echoed', 2],
    ])
  })

  test('may open the door for an earlier one: re-offering goes on to a fixpoint in the same row', () => {
    const saga = pureSaga(desk())
    saga.hear('Thanked', {}, 'thanked')
    saga.hear('Left', {}, 'left')
    const part = deskOf({
      initial: 'a',
      states: {
        a: { on: { Book: 'b' } },
        b: { on: { Left: 'c' } },
        c: { on: { Thanked: 'd' } },
        d: { type: 'final' },
      },
    })
    const chain = pureSaga(part)
    chain.head = saga.head
    chain.hear('Book', {}, 'start')
    expect(chain.last()).toMatchObject({ consumed: ['start', 'left', 'thanked'], state: { value: 'd' } })
  })

  test('waits for the start only so long: at the limit all that waited is given up', () => {
    const saga = pureSaga(desk())
    saga.hear('Noted', { n: 1 }, 'first')
    saga.now += 1_000
    saga.hear('Noted', { n: 2 }, 'second')
    expect(saga.head?.dueAt).toBe(1_000 + 600_000)
    saga.fire('chorus.unstarted')
    expect(saga.last()).toMatchObject({ cause: { kind: 'unstarted' }, state: null })
    expect(saga.last().letters).toMatchObject([{ id: 'first' }, { id: 'second' }])
    expect(saga.head).toMatchObject({ deferred: [], givenUp: ['first', 'second'], timers: [], dueAt: null })
    expect(saga.head?.held).toBeUndefined()
  })

  test('no longer has a limit once the saga is started', () => {
    const saga = pureSaga(desk())
    saga.hear('Noted', { n: 1 })
    saga.hear('Book')
    expect(saga.head?.timers).toEqual([])
  })

  test('is dropped when no state that can still come takes it in, and the row says so', () => {
    const part = deskOf({
      initial: 'a',
      states: {
        a: { on: { Book: 'b', Sat: 'c' } },
        b: { on: { Noted: {} } },
        c: { type: 'final' },
      },
    })
    const saga = pureSaga(part)
    saga.hear('Noted', {}, 'early')
    saga.hear('Sat', {}, 'other way')
    expect(saga.last()).toMatchObject({ consumed: ['other way'], dropped: ['early'] })
    expect(saga.head).toMatchObject({ deferred: [], seen: ['early', 'other way'] })
  })
})

describe('an event is ignored, in a row of its own, when', () => {
  test('the state declares it without change', () => {
    const saga = pureSaga(
      deskOf({ initial: 'a', states: { a: { on: { Book: 'b' } }, b: { on: { Noted: {} } } } }),
    )
    saga.hear('Book')
    saga.hear('Noted', {}, 'e')
    expect(saga.last()).toMatchObject({
      outcome: 'ignored',
      consumed: ['e'],
      emitted: [],
      state: { value: 'b' },
    })
  })

  test('every guard refuses it', () => {
    const refused = { guard: () => false, target: 'a' }
    const part = deskOf({
      initial: 'a',
      states: { a: { on: { Book: 'b' } }, b: { on: { Noted: refused, Sat: 'a' } } },
    })
    const saga = pureSaga(part)
    saga.hear('Book')
    saga.hear('Noted')
    expect(saga.last()).toMatchObject({ outcome: 'ignored', state: { value: 'b' } })
  })

  test('no state that can still be reached declares it', () => {
    const saga = booked()
    saga.hear('Book', {}, 'again')
    expect(saga.last()).toMatchObject({ outcome: 'ignored', consumed: ['again'] })
    expect(saga.head?.deferred).toEqual([])
  })

  test('the saga has ended', () => {
    const saga = booked()
    saga.hear('Left')
    saga.hear('Noted', { n: 1 })
    expect(saga.last()).toMatchObject({ outcome: 'ignored', state: { value: 'left', status: 'done' } })
  })

  test('but one that only emits is applied, though the state stays the same', () => {
    const saga = booked()
    saga.hear('Hurry', { n: 1 })
    expect(saga.last()).toMatchObject({ outcome: 'applied', emitted: [{ type: 'Echoed' }] })
  })
})

describe('an event is poison when', () => {
  const poison = (action: unknown) => () => {
    const saga = pureSaga(
      deskOf({ initial: 'a', context: {}, states: { a: { on: { Book: { actions: action } } } } }),
    )
    return saga.hear('Book')
  }

  test.each([
    [
      'the machine throws on it',
      assign(() => {
        throw new Error('no such room')
      }),
      /throws on "Book": no such room/,
    ],
    [
      'it would put something into the context that JSON cannot carry',
      assign({ at: () => new Date(0) }),
      /context\.at is a Date/,
    ],
    [
      'it would put a number into the context that JSON has not',
      assign({ n: Number.NaN }),
      /context\.n is NaN/,
    ],
    [
      'the machine emits what belongs to another',
      emit(() => ({ type: 'Noted' })),
      /emits "Noted", which belongs to "guest"/,
    ],
    [
      'the machine emits what no contract declares',
      emit(() => ({ type: 'Sung' })),
      /emits "Sung", which no contract declares/,
    ],
  ])('%s', (_, action, sentence) => {
    expect(poison(action)).toThrow(PoisonError)
    expect(poison(action)).toThrow(sentence)
  })
})
