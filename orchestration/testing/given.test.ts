import { describe, expect, test } from '@jest/globals'
import { createMachine } from 'xstate'
import { contracts, desk, deskOf } from '../booking.fixtures.ts'
import { part as noteTaker } from '../step/held.fixtures.ts'
import { answer, sagaId as bookingId, given, refusal, timePasses } from './index.ts'

const book = { type: 'Book', bookingId, n: 1 }
const noted = { type: 'Noted', bookingId, n: 1 }
const sat = { type: 'Sat', bookingId, n: 1 }
const arrived = { type: 'Arrived', bookingId, n: 1 }
const thanked = { type: 'Thanked', bookingId, n: 1 }

/** What a failing assertion says. */
function complaint(assertion: () => unknown): string {
  try {
    assertion()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('nothing was wrong')
}

describe('given, when, then', () => {
  test('starts a part, and tells its state, what it said and what it waits for', () => {
    given(desk())
      .when(book)
      .then({ state: 'booked', context: { notes: 0 }, emitted: ['Booked'], pending: [], outcome: 'applied' })
  })

  test('takes whole events and types alike', () => {
    given(desk())
      .when(book, noted)
      .then({ emitted: ['Booked', { type: 'Echoed', bookingId, n: 1 }] })
  })

  test('looks only at what was said and asked for since then', () => {
    given(desk(), book, noted)
      .when(arrived)
      .then({ state: 'checkingIn', emitted: [], asked: ['checkIn'], pending: ['checkIn'] })
      .when(answer('checkIn', { room: 7 }))
      .then({ state: 'checkedIn', emitted: ['CheckedIn'], asked: [], pending: [] })
  })

  test('a refusal is what the machine sees as an error', () => {
    given(desk(), book, arrived)
      .when(refusal('checkIn'))
      .then({ state: 'refused', emitted: ['Refused'] })
  })

  test('a part that stands in the middle may be gone on from more than once', () => {
    const waiting = given(desk(), book, sat)
    waiting.when(timePasses('2h')).then({ state: 'lapsed' })
    waiting.when({ type: 'Left', bookingId, n: 1 }).then({ state: 'left' })
  })

  test('keeps an event for a later state, as production does', () => {
    given(desk(), book)
      .when(thanked)
      .then({ state: 'booked', deferred: ['Thanked'], emitted: [], outcome: 'deferred' })
      .when(arrived, answer('checkIn', { room: 7 }))
      .then({ state: 'checkedIn', deferred: [], emitted: ['CheckedIn', 'Echoed'] })
  })

  test('before its start a part is not started, and gives up in the end', () => {
    given(desk())
      .when(noted)
      .then({ state: null, deferred: ['Noted'] })
      .when(timePasses('10m'))
      .then({ state: null, deferred: [] })
  })

  test('what the machine refuses holds the saga, and its timers with it', () => {
    given(noteTaker, book)
      .when({ ...noted, n: 13 })
      .then({ outcome: 'held', state: 'b', emitted: [] })
      .when(timePasses('1h'))
      .thenNothing()
  })

  test('a plain machine needs no participant', () => {
    const machine = createMachine({
      initial: 'a',
      states: { a: { on: { Book: 'b' } }, b: { type: 'final' } },
    })
    given({ name: 'desk', machine, contracts }).when(book).then({ state: 'b' })
  })
})

describe('time', () => {
  test('fires a timer when it is due, and not before', () => {
    given(desk(), book, sat)
      .when(timePasses('59m'))
      .then({ state: 'waiting', pending: ['after patience'] })
      .when(timePasses('1m'))
      .then({ state: 'lapsed', emitted: ['Lapsed'], pending: [] })
  })

  test('fires timers in their order, each at its own time', () => {
    const part = deskOf({
      initial: 'a',
      states: {
        a: { on: { Book: 'b' } },
        b: { after: { 300: 'c', 1000: 'late' } },
        c: { after: { 300: 'd' } },
        d: { after: { 500: 'e' } },
        e: {},
        late: {},
      },
    })
    given(part, book)
      .when(timePasses(1_099))
      .then({ state: 'd', pending: ['after 500 ms'] })
    given(part, book).when(timePasses('1.1s')).then({ state: 'e' })
  })

  test('ends an effect at its deadline', () => {
    const hurried = desk({ run: async () => ({ room: 7 }), deadline: 1_000 })
    given(hurried, book, arrived).when(timePasses('1s')).then({ state: 'refused' })
  })

  test.each(['5', '5x', '-1s', Number.NaN])('%p is no duration', (duration) => {
    expect(() => timePasses(duration as '5s')).toThrow(`"${duration}" is no duration`)
  })
})

describe('thenNothing', () => {
  test('holds when an event is declared to be ignored, and when an answer comes too late', () => {
    const left = { type: 'Left', bookingId, n: 1 }
    given(desk(), book, left).when(noted).thenNothing()
    given(desk(), book, arrived, left)
      .when(answer('checkIn', { room: 7 }))
      .thenNothing()
  })

  test.each([
    ['something was said', [noted]],
    ['something was kept', [thanked]],
    ['the state changed', [sat]],
  ])('fails when %s', (_, happenings) => {
    expect(() =>
      given(desk(), book)
        .when(...happenings)
        .thenNothing(),
    ).toThrow('not as expected')
  })
})

describe('a failing assertion', () => {
  test('tells each difference, and what happened as a list', () => {
    const said = complaint(() =>
      given(desk(), book, arrived)
        .when(answer('checkIn', { room: 7 }))
        .then({ state: 'booked', emitted: ['CheckedIn', 'Echoed'], pending: ['after patience'] }),
    )
    expect(said).toBe(`not as expected

state
  expected  booked
  found     checkedIn

emitted
  expected  CheckedIn
            Echoed
  found     CheckedIn

pending
  expected  after patience
  found     nothing

what happened:
  given  Book → booked, says Booked
  given  Arrived → checkingIn, asks for checkIn
  when   checkIn answers {"room":7} → checkedIn, says CheckedIn`)
  })

  test('names the field in which an event differs', () => {
    const said = complaint(() =>
      given(desk(), book)
        .when(noted)
        .then({ emitted: [{ type: 'Echoed', bookingId, n: 2 }] }),
    )
    expect(said).toContain('emitted[0].n\n  expected  2\n  found     1\n')
  })

  test('tells what was deferred, dropped, refused and late', () => {
    const happened = complaint(() =>
      given(desk(), book, thanked, arrived, refusal('checkIn', { message: 'full' }))
        .when(answer('checkIn', { room: 7 }), noted)
        .then({ state: 'left' }),
    )
    expect(happened).toContain(`what happened:
  given  Book → booked, says Booked
  given  Thanked → booked, deferred
  given  Arrived → checkingIn, asks for checkIn
  given  checkIn is refused {"message":"full","code":"CHORUS_TERMINAL"} → refused, says Refused
  when   checkIn answers → stale: nothing comes of it
  when   Noted → refused, ignored`)
    const held = complaint(() =>
      given(noteTaker, book)
        .when({ ...noted, n: 13 })
        .then({ state: 'c' }),
    )
    expect(held).toContain('when   poison CHORUS_MACHINE_THREW → b, held: the machine throws on "Noted"')
  })
})

describe('a mistake in a test', () => {
  test('an event that the machine never mentions is named, with those that it does', () => {
    expect(() => given(desk()).when({ type: 'Bok', bookingId, n: 1 })).toThrow(
      '"desk" does not listen to "Bok", but to Arrived, Book, Hurry, Left, Noted, Sat, Thanked',
    )
  })

  test('an answer to what was never asked for is named, with what is pending', () => {
    expect(() => given(desk(), book).when(answer('chekIn', { room: 7 }) as never)).toThrow(
      '"desk" never asked for "chekIn"; pending is nothing',
    )
  })

  test('awaiting it is refused, not waited for', async () => {
    const awaited = async () => await (given(desk()).when(book) as unknown as Promise<unknown>)
    await expect(awaited()).rejects.toThrow('there is nothing to await')
  })
})
