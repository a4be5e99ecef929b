import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type AnyStateMachine, assign, emit, fromPromise, raise, setup } from 'xstate'
import { contracts, desk, performed } from '../booking.fixtures.ts'
import type { Head } from '../journal.ts'
import { participant } from '../participant.ts'
import { fold } from '../step/head.ts'
import { type PureSaga, pureSaga } from '../step/pure-saga.fixtures.ts'
import { compile } from './program.ts'

function programOf(config: object) {
  const machine = setup({ actors: { seat: fromPromise(performed) } }).createMachine({
    id: 'm',
    ...config,
  } as never) as unknown as AnyStateMachine
  const program = compile(machine)
  const reach = (...types: string[]) =>
    types.reduce((state, type) => program.apply(state, { type }).state, program.start({}).state)
  return { ...program, reach }
}

describe('a move', () => {
  test('names what the machine asks for, in its order, and leaves out what is done already', () => {
    const { apply, reach } = programOf({
      initial: 'a',
      states: {
        a: {
          on: {
            Go: {
              target: 'b',
              actions: [emit({ type: 'One' }), raise({ type: 'Hop' }), emit({ type: 'Two' })],
            },
          },
        },
        b: { on: { Hop: 'c' } },
        c: {
          after: { 0: 'a' },
          invoke: { id: 'seat', src: 'seat', input: () => ({ n: 1, gone: undefined }) },
        },
      },
    })
    const move = apply(reach(), { type: 'Go' })
    expect(move.state.value).toBe('c')
    expect(move.requests).toEqual([
      { kind: 'emit', event: { type: 'One' } },
      { kind: 'emit', event: { type: 'Two' } },
      { kind: 'timer', id: 'xstate.after.0.m.c', event: 'xstate.after.0.m.c', delay: 0 },
      { kind: 'effect', id: 'seat', src: 'seat', input: { n: 1 } },
    ])
    expect([...move.invoking]).toEqual(['seat'])
  })

  test('says when nothing at all came of the event', () => {
    const { apply, reach } = programOf({ on: { Nothing: {}, Noted: { actions: assign({}) } } })
    expect(apply(reach(), { type: 'Nothing' }).changed).toBe(false)
    expect(apply(reach(), { type: 'Noted' }).changed).toBe(true)
  })

  test('runs the code of the start once, at the start', () => {
    let starts = 0
    const context = () => ({ starts: ++starts })
    const { apply, start } = programOf({ context, on: { Noted: { actions: assign({}) } } })
    const begun = start({}).state
    expect(starts).toBe(1)
    expect(apply(begun, { type: 'Noted' }).state.context).toEqual(begun.context)
    expect(starts).toBe(1)
  })

  test('ends the effects of the whole machine when the machine ends', () => {
    const { apply, reach } = programOf({
      invoke: { id: 'seat', src: 'seat' },
      initial: 'a',
      states: { a: { on: { Go: 'b' } }, b: { type: 'final' } },
    })
    expect([...apply(reach(), { type: 'Go' }).invoking]).toEqual([])
  })

  test('refuses a delay that is no number of milliseconds', () => {
    const { apply, reach } = programOf({
      initial: 'a',
      states: { a: { on: { Go: 'b' } }, b: { after: { never: 'a' } } },
    })
    expect(() => apply(reach(), { type: 'Go' })).toThrow(
      'the delay of "xstate.after.never.m.b" is undefined, not a number of milliseconds',
    )
  })
})

describe('a state that went through JSON', () => {
  const revive = <T>(value: T): T => JSON.parse(JSON.stringify(value))

  test.each(['shallow', 'deep'])('remembers its %s history', (history) => {
    const { apply, reach } = programOf({
      initial: 'on',
      states: {
        on: {
          initial: 'a',
          states: {
            a: { on: { Go: 'b' } },
            b: { initial: 'x', states: { x: { on: { In: 'y' } }, y: {} } },
            back: { type: 'history', history },
          },
          on: { Off: 'off' },
        },
        off: { on: { On: 'on.back' } },
      },
    })
    const off = revive(reach('Go', 'In', 'Off'))
    expect(apply(off, { type: 'On' }).state.value).toEqual({ on: { b: history === 'deep' ? 'y' : 'x' } })
  })

  test('keeps each of its parallel regions', () => {
    const region = { initial: 'a', states: { a: { on: { Go: 'b' } }, b: { type: 'final' } } }
    const other = { initial: 'a', states: { a: { on: { Hop: 'b' } }, b: { type: 'final' } } }
    const { apply, reach } = programOf({ type: 'parallel', states: { left: region, right: other } })
    const half = revive(reach('Go'))
    expect(half).toMatchObject({ value: { left: 'b', right: 'a' }, status: 'active' })
    expect(apply(half, { type: 'Hop' }).state).toMatchObject({ status: 'done' })
  })

  test('keeps its output', () => {
    const { reach } = programOf({
      initial: 'a',
      states: { a: { on: { Go: 'b' } }, b: { type: 'final' } },
      output: { answer: 42 },
    })
    expect(revive(reach('Go'))).toMatchObject({ status: 'done', output: { answer: 42 } })
  })

  test('keeps fields whatever they are called', () => {
    const { reach } = programOf({ context: JSON.parse('{"__proto__": {"kept": true}, "constructor": 1}') })
    expect(JSON.stringify(reach().context)).toBe('{"__proto__":{"kept":true},"constructor":1}')
  })
})

describe('an event may be declared later', () => {
  const { reach, declares, mayDeclareLater } = programOf({
    initial: 'a',
    states: {
      a: { on: { Go: { guard: () => false, target: 'b' } } },
      b: { after: { 10: 'c' } },
      c: { invoke: { id: 'seat', src: 'seat', onDone: 'd', onError: 'e' } },
      d: { always: 'f' },
      e: { on: { InE: 'end' } },
      f: {
        type: 'parallel',
        states: { l: { on: { InL: {} } }, r: { initial: 'x', states: { x: { on: { InX: {} } } } } },
      },
      end: { type: 'final' },
      island: { on: { OnIsland: {} } },
    },
  })

  test('when guards, timers, answers, always and regions can lead to a state that declares it', () => {
    const start = reach()
    expect(['InE', 'InL', 'InX'].map((type) => mayDeclareLater(start, type))).toEqual([true, true, true])
    expect(declares(start, 'InE')).toBe(false)
    expect(declares(start, 'Go')).toBe(true)
  })

  test('but not in a state that nothing leads to, nor after the end', () => {
    expect(mayDeclareLater(reach(), 'OnIsland')).toBe(false)
    const ended = { ...reach(), status: 'done' as const }
    expect(mayDeclareLater(ended, 'InE')).toBe(false)
    expect(declares(ended, 'Go')).toBe(false)
  })

  test('in a nested state that only a history state can bring back', () => {
    const { apply, ...program } = programOf({
      initial: 'on',
      states: {
        on: {
          initial: 'a',
          states: {
            a: { initial: 'x', states: { x: {}, y: { on: { InY: {} } } } },
            back: { type: 'history', history: 'deep' },
          },
          on: { Off: 'off' },
        },
        off: { on: { On: 'on.back' } },
      },
    })
    expect(program.mayDeclareLater(program.reach('Off'), 'InY')).toBe(true)
  })
})

/** A machine with all that a state can be made of: regions, history, a timer, an effect, deferrable events. */
const everything = () =>
  participant({
    name: 'desk',
    version: '1',
    contracts,
    effects: { seat: { run: performed, deadline: 9_000 } } as never,
    machine: setup({ actors: { seat: fromPromise(performed) } }).createMachine({
      id: 'desk',
      context: { notes: [] as number[] },
      type: 'parallel',
      states: {
        guest: {
          initial: 'out',
          states: {
            out: { on: { Book: 'in' } },
            in: {
              initial: 'standing',
              states: {
                standing: { on: { Sat: 'sitting' }, after: { 50: 'sitting' } },
                sitting: {
                  on: {
                    Noted: {
                      actions: [
                        assign({ notes: ({ context }) => [...context.notes, 1] }),
                        emit({ type: 'Echoed' }),
                      ],
                    },
                  },
                },
                back: { type: 'history' },
              },
              on: { Left: 'away' },
            },
            away: { on: { Thanked: 'in.back' } },
          },
        },
        room: {
          initial: 'free',
          states: {
            free: { on: { Arrived: 'cleaning' } },
            cleaning: {
              invoke: { id: 'seat', src: 'seat', onDone: 'free', onError: 'shut' },
              on: { Arrived: { target: 'cleaning', reenter: true } },
            },
            shut: { type: 'final' },
          },
        },
      },
    } as never) as unknown as AnyStateMachine,
  })

const events = ['Book', 'Sat', 'Noted', 'Left', 'Thanked', 'Arrived']

/** Takes one of the things that can happen next: an event, a pending timer, the answer or the failure of a pending effect. */
function happen(saga: PureSaga, choice: number): void {
  saga.now += 7
  const timers = (saga.head?.timers ?? []).map(({ key }) => ({ kind: 'timer' as const, key }))
  const answers = (saga.head?.effects ?? []).flatMap(({ key }) => [
    { kind: 'answer' as const, key, status: 'done' as const, value: { ok: true } },
    { kind: 'answer' as const, key, status: 'error' as const, value: { message: 'no' } },
    { kind: 'retry' as const, key, error: 'busy', notBefore: saga.now + 5 },
  ])
  const causes = [...timers, ...answers]
  const pick = choice % (events.length + causes.length)
  const cause = causes[pick - events.length]
  if (cause) saga.take(cause)
  else saga.hear(events[pick] ?? '', { n: choice })
}

const cold = (head: Head | null): Head | null => JSON.parse(JSON.stringify(head))

test('hot and cold are the same: a head that went through JSON leads to the same rows, whatever happens', () => {
  for (const part of [everything(), desk()]) {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { maxLength: 25 }), (choices) => {
        const [hot, revived] = [pureSaga(part), pureSaga(part)]
        for (const choice of choices) {
          happen(hot, choice)
          revived.head = cold(revived.head)
          happen(revived, choice)
        }
        expect(revived.rows).toEqual(hot.rows)
        expect(JSON.parse(JSON.stringify(hot.rows))).toEqual(hot.rows)
      }),
      { numRuns: 60 },
    )
  }
})

test('folding the stored journal gives the head, whatever happened, and no event is in it twice', () => {
  const part = everything()
  fc.assert(
    fc.property(fc.array(fc.nat(40), { maxLength: 25 }), (choices) => {
      const saga = pureSaga(part)
      for (const choice of choices) happen(saga, choice)
      const stored = saga.rows.map((row) => JSON.parse(JSON.stringify(row)))
      expect(stored.reduce(fold, null)).toEqual(saga.head)
      expect(saga.rows.map((row) => row.seq)).toEqual(saga.rows.map((_, i) => i + 1))
      const arrived = saga.rows.flatMap(({ cause }) => (cause.kind === 'event' ? [cause.id] : []))
      expect(saga.head?.seen ?? []).toEqual(arrived)
    }),
    { numRuns: 60 },
  )
})
