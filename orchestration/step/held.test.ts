import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { deskOf } from '../booking.fixtures.ts'
import { booked, command, notes, part, poison, record, redrive } from './held.fixtures.ts'
import { pureSaga } from './pure-saga.fixtures.ts'

describe('a record that cannot be handled', () => {
  test('holds its saga with a row of its own, which tells the letter', () => {
    const saga = booked()
    poison(saga)
    expect(saga.last()).toMatchObject({
      cause: { kind: 'poison', id: 'bad', code: 'CHORUS_TRUNCATED', topic: 'guest.events', offset: '9' },
      outcome: 'held',
      letters: [{ id: 'bad', record }],
      held: { row: 'saga-1:2', id: 'bad' },
      state: { value: 'b' },
    })
    expect(saga.head?.held).toMatchObject([{ row: 'saga-1:2' }])
  })

  test('is known when it comes again', () => {
    const saga = booked()
    poison(saga)
    expect(poison(saga)).toBe('duplicate')
  })

  test('holds a saga that is not started: even its start waits', () => {
    const saga = pureSaga(part)
    poison(saga)
    saga.hear('Book', {}, 'start')
    expect(saga.last()).toMatchObject({ outcome: 'deferred', state: null })
    command(saga, 'discard', 'saga-1:1')
    expect(saga.last()).toMatchObject({ outcome: 'applied', state: { value: 'b' } })
    expect(saga.last().consumed).toContain('start')
  })
})

describe('while a saga is held', () => {
  test('events wait in the order of their arrival', () => {
    const saga = booked()
    poison(saga)
    saga.hear('Noted', { n: 1 })
    saga.hear('Noted', { n: 2 })
    expect(notes(saga)).toEqual([])
    command(saga, 'discard', 'saga-1:2')
    expect(notes(saga)).toEqual([1, 2])
  })

  test('timers do not fire, and nothing is due for them', () => {
    const saga = booked()
    poison(saga)
    saga.now += 2_000
    expect(saga.head?.dueAt).toBeNull()
    expect(saga.fire('xstate.after.1000.desk.b')).toBe('held')
    command(saga, 'discard', 'saga-1:2')
    expect(saga.head?.dueAt).toBe(2_000)
    saga.fire('xstate.after.1000.desk.b')
    expect(saga.head?.state?.value).toBe('late')
  })

  test('what is under way still answers, and its answer opens no door for what waits', () => {
    const seat = { id: 'seat', src: 'seat', onDone: 'b', onError: 'b' }
    const states = { a: { on: { Book: 'work' } }, work: { invoke: seat }, b: { on: { Noted: 'c' } }, c: {} }
    const saga = pureSaga(deskOf({ initial: 'a', states }, { seat: { run: async () => 1 } }))
    saga.hear('Book')
    poison(saga)
    saga.hear('Noted', { n: 1 })
    saga.answer('seat', 'done')
    expect(saga.head?.state?.value).toBe('b')
    command(saga, 'discard', 'saga-1:2')
    expect(saga.head?.state?.value).toBe('c')
  })

  test('an event that no later state takes in is ignored as ever', () => {
    const saga = booked()
    poison(saga)
    saga.hear('Thanked')
    expect(saga.last().outcome).toBe('ignored')
  })

  test('by two letters, it stays held until both are gone', () => {
    const saga = booked()
    poison(saga, 'one')
    saga.hear('Noted', { n: 1 })
    poison(saga, 'two')
    command(saga, 'discard', 'saga-1:4')
    expect(notes(saga)).toEqual([])
    command(saga, 'discard', 'saga-1:2')
    expect(notes(saga)).toEqual([1])
  })
})

describe('a redrive', () => {
  test('takes the event in at the place that it had', () => {
    const saga = booked()
    poison(saga)
    saga.hear('Noted', { n: 2 })
    redrive(saga, 'saga-1:2', 1)
    expect(notes(saga)).toEqual([1, 2])
    expect(saga.head?.held).toBeUndefined()
    expect(saga.last()).toMatchObject({ outcome: 'applied', released: ['saga-1:2'] })
  })

  test('of the later of two letters waits for the earlier one', () => {
    const saga = booked()
    poison(saga, 'one')
    poison(saga, 'two')
    redrive(saga, 'saga-1:3', 2, 'two')
    expect(notes(saga)).toEqual([])
    redrive(saga, 'saga-1:2', 1, 'one')
    expect(notes(saga)).toEqual([1, 2])
  })

  test('a second time changes nothing, and says why', () => {
    const saga = booked()
    poison(saga)
    redrive(saga, 'saga-1:2', 1)
    redrive(saga, 'saga-1:2', 1)
    expect(saga.last()).toMatchObject({
      outcome: 'ignored',
      cause: { error: expect.stringContaining('already') },
    })
    expect(notes(saga)).toEqual([1])
  })

  test('after a discard changes nothing', () => {
    const saga = booked()
    poison(saga)
    command(saga, 'discard', 'saga-1:2')
    redrive(saga, 'saga-1:2', 1)
    expect(saga.last().outcome).toBe('ignored')
    expect(notes(saga)).toEqual([])
  })

  test('that the machine refuses again holds the saga again, with a new letter', () => {
    const saga = booked()
    poison(saga)
    redrive(saga, 'saga-1:2', 13)
    expect(saga.last()).toMatchObject({
      released: ['saga-1:2'],
      held: { row: 'saga-1:3', id: 'bad', code: 'CHORUS_MACHINE_THREW' },
      letters: [{ id: 'bad', event: { type: 'Noted', data: { n: 13 } } }],
    })
  })

  test('that can still not be read leaves the hold, and says why', () => {
    const saga = booked()
    poison(saga)
    const control = { id: 'r', command: 'redrive', by: 'ada', reason: 'again', row: 'saga-1:2' } as const
    saga.take({ kind: 'command', control, redriven: { error: 'still too short' } })
    expect(saga.last()).toMatchObject({ outcome: 'ignored', cause: { error: 'still too short' } })
    expect(saga.head?.held).toHaveLength(1)
  })

  test('brings back an event that was given up, once', () => {
    const saga = pureSaga(part)
    saga.hear('Noted', { n: 1 }, 'bad')
    saga.fire('chorus.unstarted')
    saga.hear('Book')
    redrive(saga, '', 1)
    redrive(saga, '', 1)
    expect(notes(saga)).toEqual([1])
  })
})

describe('a deferred event that the machine refuses', () => {
  test('holds the saga where it stands: what waited behind it does not overtake', () => {
    const saga = pureSaga(part)
    saga.hear('Noted', { n: 13 }, 'refused')
    saga.hear('Noted', { n: 2 }, 'accepted')
    saga.hear('Book', {}, 'start')
    expect(saga.last()).toMatchObject({
      consumed: ['start'],
      letters: [{ id: 'refused', event: { data: { n: 13 } } }],
      held: { id: 'refused' },
    })
    command(saga, 'discard', saga.last()._id)
    expect(notes(saga)).toEqual([2])
  })
})

describe('whatever is set aside, redriven and discarded, in any order', () => {
  /** `turn` chooses what happens next: something arrives, or a letter that is open is decided. */
  const turns = fc.array(
    fc.record({ arrives: fc.boolean(), unreadable: fc.boolean(), pick: fc.nat(), keep: fc.boolean() }),
    {
      minLength: 5,
      maxLength: 40,
    },
  )

  test('a saga takes in its events in the order of their arrival, without those that were discarded', () => {
    fc.assert(
      fc.property(turns, (plan) => {
        const saga = booked()
        const expected: number[] = []
        const open: { row: string; n: number; id: string }[] = []
        const decideOne = ({ pick, keep }: { pick: number; keep: boolean }) => {
          const [letter] = open.splice(pick % open.length, 1)
          if (!letter) return
          if (keep) redrive(saga, letter.row, letter.n, letter.id)
          else {
            command(saga, 'discard', letter.row)
            expected.splice(expected.indexOf(letter.n), 1)
          }
        }
        for (const [i, turn] of plan.entries()) {
          const n = 100 + i
          if (!turn.arrives) decideOne(turn)
          else {
            expected.push(n)
            if (turn.unreadable) {
              poison(saga, `bad-${n}`)
              open.push({ row: saga.last()._id, n, id: `bad-${n}` })
            } else saga.hear('Noted', { n }, `note-${n}`)
          }
        }
        while (open.length > 0) decideOne({ pick: 0, keep: true })
        expect(notes(saga)).toEqual(expected)
        expect(saga.head).toMatchObject({ deferred: [] })
        expect(saga.head?.held).toBeUndefined()
      }),
      { numRuns: 300 },
    )
  })
})
