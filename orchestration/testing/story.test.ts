import { describe, expect, test } from '@jest/globals'
import { emit, setup } from 'xstate'
import { TerminalError } from '#messaging'
import { contracts, desk } from '../booking.fixtures.ts'
import { fold } from '../step/head.ts'
import {
  answer,
  sagaId as bookingId,
  catchUp,
  lag,
  later,
  refusal,
  type StandIn,
  silence,
  story,
  timePasses,
} from './index.ts'

const said = (type: string) => emit({ type, bookingId, n: 1 } as never)

/** Arrives an hour after the booking, thanks for the room, and leaves at once when there is none. */
const guest = {
  name: 'guest',
  contracts,
  machine: setup({ delays: { journey: 3_600_000 } }).createMachine({
    id: 'guest',
    initial: 'home',
    states: {
      home: { on: { Booked: 'travelling' } },
      travelling: { after: { journey: { target: 'there', actions: said('Arrived') } } },
      there: {
        on: {
          CheckedIn: { target: 'asleep', actions: said('Thanked') },
          Refused: { target: 'gone', actions: said('Left') },
        },
      },
      asleep: {},
      gone: { type: 'final' },
    },
  }),
}

const book = { type: 'Book', bookingId, n: 1 }
const room = { room: 7 }

function hotel(checkIn?: StandIn) {
  return story({ participants: [desk(), guest], effects: checkIn ? { checkIn } : {} })
}

function complaint(assertion: () => unknown): string {
  try {
    assertion()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('nothing was wrong')
}

describe('a story', () => {
  test('goes from one participant to the other, as far as it gets without time', () => {
    hotel()
      .when(book)
      .then({
        said: ['desk: Booked'],
        states: { desk: 'booked', guest: 'travelling' },
        pending: ['guest: after journey'],
      })
  })

  test('asks the stand-in of an effect, and goes on with its answer', () => {
    const calls: unknown[] = []
    hotel((...call) => {
      calls.push(call)
      return room
    })
      .when(book, timePasses('1h'))
      .then({
        said: ['desk: Booked', 'guest: Arrived', 'desk: CheckedIn', 'guest: Thanked', 'desk: Echoed'],
        states: { desk: 'checkedIn', guest: 'asleep' },
        pending: [],
      })
    expect(calls).toEqual([[{ bookingId }, 1]])
  })

  test('an effect that is refused, and one that fails before it answers', () => {
    const full = () => {
      throw new TerminalError('full')
    }
    hotel(full)
      .when(book, timePasses('1h'))
      .then({ states: { desk: 'left', guest: 'gone' } })
    const clumsy: StandIn = (_, attempt) => {
      if (attempt < 3) throw new Error('dropped the key')
      return room
    }
    hotel(clumsy)
      .when(book, timePasses('1h'))
      .then({ states: { desk: 'checkingIn' }, pending: ['desk: checkIn'] })
      .when(timePasses('1s'))
      .then({ states: { desk: 'checkedIn' } })
  })

  test('an answer may come later, or only when the test gives it', () => {
    hotel(() => later('5m', room))
      .when(book, timePasses('1h'))
      .then({ states: { desk: 'checkingIn' } })
      .when(timePasses('5m'))
      .then({ states: { desk: 'checkedIn' } })
    const waiting = hotel(() => silence)
      .when(book, timePasses('1h'))
      .then({ pending: ['desk: checkIn'] })
    waiting.when(answer('checkIn', room)).then({ states: { desk: 'checkedIn' } })
    waiting.when(refusal('checkIn')).then({ states: { desk: 'left' } })
  })

  test('a topic may lag behind the others, and is heard in its order when it catches up', () => {
    hotel(() => room)
      .when(lag('guest.events'), book, timePasses('1h'))
      .then({ said: ['desk: Booked', 'guest: Arrived'], states: { desk: 'booked', guest: 'there' } })
      .when({ type: 'Hurry', bookingId, n: 2 }, catchUp('guest.events'))
      .then({
        said: ['desk: Echoed', 'desk: CheckedIn', 'guest: Thanked', 'desk: Echoed'],
        states: { desk: 'checkedIn' },
      })
  })

  test('goes the same way each time, to the last byte', () => {
    const told = () =>
      JSON.stringify(
        hotel(() => room)
          .when(book, timePasses('1h'))
          .journals(),
      )
    expect(told()).toBe(told())
  })

  test('leaves the journals that production would have', () => {
    const { desk: rows = [], guest: others = [] } = hotel(() => room)
      .when(book, timePasses('1h'))
      .journals()
    expect(rows.map(({ _id, outcome }) => `${_id} ${outcome}`)).toEqual([
      `${bookingId}:1 applied`,
      `${bookingId}:2 applied`,
      `${bookingId}:3 applied`,
      `${bookingId}:4 applied`,
    ])
    expect(rows.reduce<ReturnType<typeof fold> | null>(fold, null)).toMatchObject({
      seq: 4,
      state: { value: 'checkedIn' },
    })
    expect(others).toHaveLength(3)
  })
})

describe('a story that is not as expected', () => {
  test('is told as a whole', () => {
    const wrong = complaint(() =>
      hotel(() => room)
        .when(book, timePasses('1h'))
        .then({ said: ['desk: Booked', 'guest: Left'], states: { desk: 'left' } }),
    )
    expect(wrong).toBe(`not as expected

said
  expected  desk: Booked
            guest: Left
  found     desk: Booked
            guest: Arrived
            desk: CheckedIn
            guest: Thanked
            desk: Echoed

states.desk
  expected  left
  found     checkedIn

what happened:
  desk: Book → booked, says Booked
  guest: Booked → travelling
  guest: after journey → there, says Arrived
  desk: Arrived → checkingIn, asks for checkIn
  desk: checkIn answers {"room":7} → checkedIn, says CheckedIn
  guest: CheckedIn → asleep, says Thanked
  desk: Thanked → checkedIn, says Echoed`)
  })

  test('says so when a participant, an event or an effect is unknown', () => {
    const begun = hotel().when(book).then({})
    expect(() => begun.when(timePasses(0)).then({ states: { waiter: 'idle' } })).toThrow(
      'states.waiter\n  expected  idle\n  found     nothing',
    )
    expect(() => begun.when({ type: 'Boked' })).toThrow('nobody in this story listens to "Boked"')
    expect(() => begun.when(answer('cook', {}))).toThrow('nobody in this story asked for "cook"')
  })
})
