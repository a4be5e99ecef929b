import { describe, expect, test } from '@jest/globals'
import { assign, emit } from 'xstate'
import { deskOf } from '../booking.fixtures.ts'
import { command, part as noteTaker, poison } from '../step/held.fixtures.ts'
import { pureSaga } from '../step/pure-saga.fixtures.ts'
import { answer, refusal } from '../testing/index.ts'
import { heardIn } from './incoming.ts'
import { replay } from './replay.ts'
import {
  type Changes,
  config,
  event,
  heard,
  lapsed,
  recorded,
  sagaId,
  seated,
  version1,
  work,
} from './table.fixtures.ts'

describe('a journal', () => {
  test.each([
    ['a whole life', version1, seated],
    ['a timer', version1, lapsed],
    ['a refusal', version1, recorded(version1, event('Arrived'), refusal('seat'))],
    [
      'an event that waits',
      version1,
      recorded(version1, event('Left'), event('Arrived'), answer('seat', {})),
    ],
    ['an event that changes nothing', version1, recorded(version1, event('Arrived'), event('Arrived'))],
    ['a saga that nobody starts', version1, recorded(version1).slice(0, 0)],
  ])('that tells of %s comes out as it was recorded', (_, part, rows) => {
    expect(replay(part, rows, heard)).toEqual({ judged: rows.length, unjudged: [], divergences: [] })
  })

  test('that tells of failed attempts, records that could not be handled and operators comes out as it was recorded', () => {
    const saga = pureSaga(noteTaker)
    saga.hear('Book')
    poison(saga)
    saga.hear('Noted', { n: 1 }, 'note-1')
    command(saga, 'discard', 'saga-1:2')
    command(saga, 'pause')
    command(saga, 'resume')
    expect(saga.rows.map(({ outcome }) => outcome)).toContain('held')
    const { judged, divergences } = replay(noteTaker, saga.rows)
    expect({ judged, divergences }).toEqual({ judged: 6, divergences: [] })
    const failing = pureSaga(version1, sagaId)
    failing.hear('Book', {}, 'book')
    failing.hear('Arrived', {}, 'arrived')
    const key = failing.head?.effects[0]?.key ?? ''
    failing.take({ kind: 'retry', key, error: 'no waiter', notBefore: 5_000 })
    failing.answer('seat', 'done')
    expect(replay(version1, failing.rows, heard)).toMatchObject({ judged: 4, divergences: [] })
  })

  test('is judged with the settings of its time, which the machine keeps', () => {
    const patient = deskOf(config(), work)
    const rows = recorded({ ...patient, input: { patience: 7 } }, event('Arrived'))
    expect(rows[0]?.state?.context.patience).toBe(7)
    const today = { ...patient, input: { patience: 9 } }
    expect(replay(today, rows, heard).divergences).toEqual([])
  })

  test('of a saga whose guests are not known is judged as far as their words are', () => {
    expect(replay(version1, seated)).toMatchObject({
      judged: 2,
      unjudged: ['Noted', 'Arrived', 'Left'].map((type) => `what ${type} said is in no journal`),
      divergences: [],
    })
  })

  test('has the words of commands, and of all that participants said', () => {
    const known = heardIn(seated)
    expect(known(seated[0]?.cause.id ?? '')).toEqual({ bookingId: sagaId, n: 1 })
    expect(known(seated[0]?.emitted[0]?.id ?? '')).toEqual({ bookingId: sagaId, n: 1 })
    expect(known(seated[1]?.cause.id ?? '')).toBeUndefined()
  })
})

/** What the guard finds when the machine is changed, and its version is not. */
function found(changes: Changes, rows = seated) {
  return replay(deskOf(config(changes), work), rows, heard).divergences.map(
    ({ seq, before, on, path, expected, found }) => ({ seq, before, on, path, expected, found }),
  )
}

describe('a changed machine', () => {
  test('that goes to another state diverges in the row that went there', () => {
    expect(found({ waiting: { on: { Arrived: 'seated' } } })).toContainEqual({
      seq: 3,
      before: 'waiting',
      on: 'Arrived',
      path: 'state.value',
      expected: 'seating',
      found: 'seated',
    })
  })

  test('that says something else, or nothing any more, diverges', () => {
    const loud = { entry: emit({ type: 'Echoed', bookingId: sagaId, n: 2 } as never) }
    expect(found({ states: { seated: { ...loud, on: { Left: 'left' } } } })).toMatchObject([
      { seq: 4, on: 'seat answers', path: 'emitted', expected: [] },
    ])
  })

  test('that asks its effects for something else diverges', () => {
    const invoke = { id: 'seat', src: 'seat', input: { table: 5 }, onDone: 'seated', onError: 'left' }
    expect(found({ seating: { invoke } })).toEqual([
      {
        seq: 3,
        before: 'waiting',
        on: 'Arrived',
        path: 'effects.started[0].input.table',
        expected: 4,
        found: 5,
      },
    ])
  })

  test('that waits longer diverges where the timer was set', () => {
    const patient = { after: { 2000: 'left' }, on: { Arrived: 'seating', Noted: {} } }
    expect(found({ waiting: patient }, lapsed)[0]).toMatchObject({
      seq: 1,
      path: expect.stringMatching(/^timers/),
    })
  })

  test('that drops what it kept, or keeps what it dropped, diverges', () => {
    const rows = recorded(version1, event('Left'))
    expect(rows[1]?.outcome).toBe('deferred')
    expect(found({ states: { seated: {} } }, rows)).toContainEqual(
      expect.objectContaining({ seq: 2, path: 'outcome', expected: 'deferred', found: 'ignored' }),
    )
  })

  test('that throws on what it took in diverges', () => {
    const throws = () => {
      throw new Error('no more notes')
    }
    expect(
      found({ waiting: { on: { Noted: { actions: assign(throws) }, Arrived: 'seating' } } }),
    ).toContainEqual(
      expect.objectContaining({ seq: 2, path: 'outcome', found: expect.stringMatching('no more notes') }),
    )
  })

  test('that has lost a state diverges in every row that stood there', () => {
    const gone = deskOf({
      initial: 'new',
      states: { new: { on: { Book: 'left' } }, left: { type: 'final' } },
    })
    expect(new Set(replay(gone, seated, heard).divergences.map(({ seq }) => seq))).toEqual(
      new Set([1, 2, 3, 4, 5]),
    )
  })

  test('that only takes in more than before goes through', () => {
    expect(found({ states: { seated: { on: { Left: 'left', Sat: {} } } } })).toEqual([])
  })
})
