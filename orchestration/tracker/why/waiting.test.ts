import { describe, expect, test } from '@jest/globals'
import { createMachine } from 'xstate'
import { aStep, beginning, definitions, takes } from '../meal.fixtures.ts'
import { active, bookOf, say, second, waitingGuest, why } from './why.fixtures.ts'

describe('waiting:', () => {
  test('a wait names the events that would end it, who says them, its time and its timer', () => {
    expect(why(waitingGuest())).toEqual({
      cause: 'waiting',
      sentence:
        'Waiting in `waiting` (guest) for MealCooked, MealRefused or WinePoured from kitchen or cellar until 10:01:00Z; timer patience',
      responsible: 'kitchen',
      since: second(0),
      until: second(60),
      isStuck: false,
    })
    expect(say(waitingGuest(), { now: beginning - 86_400_000 })).toMatch(
      /until 2026-11-23T10:01:00Z; timer patience$/,
    )
  })

  test('a timer that should have fired is overdue, unless its part is held', () => {
    expect(why(waitingGuest(), { now: second(63) }).cause).toBe('waiting')
    expect(why(waitingGuest(), { now: second(64) })).toEqual({
      cause: 'overdue',
      sentence: 'The timer patience in `waiting` (guest) was due at 10:01:00Z, and guest has not fired it',
      responsible: 'guest',
      since: second(60),
      until: second(60),
      isStuck: true,
    })
  })

  test('a wait without a timer says that it has no limit, and asks nobody whom it does not know', () => {
    const step = aStep({ participant: 'kitchen', sagaId: 'm1', seq: 1, state: active('idle') })
    expect(say([step])).toBe('Waiting in `idle` (kitchen) for MealOrdered from guest, with no time limit')
    const book = bookOf(definitions.map(({ emits: _, ...definition }) => definition))
    expect(why([step], { definitions: book })).toMatchObject({
      sentence: 'Waiting in `idle` (kitchen) for MealOrdered, with no time limit',
      responsible: 'kitchen',
    })
  })

  test('a part that only an operator can move says which signals would', () => {
    const machine = createMachine({
      id: 'kitchen',
      initial: 'burnt',
      states: { burnt: { on: { CookAgain: 'done', WriteOff: 'done' } }, done: { type: 'final' } },
    })
    const listensTo = ['CookAgain', 'WriteOff'].map((type) => ({ type, topic: 'kitchen.control' }))
    const kitchen = { participant: 'kitchen', version: '1', definition: machine.definition, listensTo }
    const burnt = aStep({
      ...{ participant: 'kitchen', sagaId: 'm1', seq: 2, at: second(4), state: active('burnt') },
    })
    expect(why([burnt], { definitions: bookOf([...definitions, kitchen]) })).toEqual({
      cause: 'person',
      sentence: '`burnt` (kitchen) waits for a person since 10:00:04Z: CookAgain or WriteOff',
      responsible: 'kitchen',
      since: second(4),
      until: null,
      isStuck: true,
    })
  })

  test('an event that the last state ignored is named when nothing else moves', () => {
    const late = takes({ id: 'e9', type: 'MealWished' }, 'outside')
    const cooked = aStep({
      ...{ participant: 'kitchen', sagaId: 'm1', seq: 1, at: second(1) },
      state: { value: 'cooked', context: {}, status: 'done' },
    })
    const waiting = aStep({ participant: 'guest', sagaId: 'm1', seq: 1, state: active('waiting') })
    const ignored = aStep({
      ...{ participant: 'guest', sagaId: 'm1', seq: 2, at: second(2), outcome: 'ignored' },
      ...late,
      state: active('waiting'),
    })
    expect(why([cooked, waiting, ignored])).toEqual({
      cause: 'ignored',
      sentence:
        '`waiting` (guest) ignored MealWished at 10:00:02Z, and nothing else is on its way to `waiting` (guest)',
      responsible: 'guest',
      since: second(2),
      until: null,
      isStuck: true,
    })
    expect(why([...waitingGuest(), { ...ignored, seq: 2 }]).cause).toBe('waiting')
  })

  test('a version whose definition never came is not guessed at', () => {
    const step = aStep({ participant: 'kitchen', sagaId: 'm1', seq: 1, version: '2', state: active('idle') })
    expect(say([step])).toBe(
      'Waiting in `idle` (kitchen) for an event that its definition would name, with no time limit',
    )
  })

  test('events that came before the beginning are told with who keeps them', () => {
    const cooked = { id: 'e3', type: 'MealCooked' }
    const kept = { ...cooked, source: 'kitchen', topic: 't', partition: 0, offset: '0', time: 0, data: {} }
    const step = aStep({
      participant: 'guest',
      sagaId: 'm1',
      seq: 1,
      ...takes(cooked, 'kitchen'),
      outcome: 'deferred',
      deferred: { ...kept, trace: {}, seq: 1 },
      timers: {
        started: [{ key: 'u@1', id: 'u', event: 'u', dueAt: second(600), trace: {} }],
        ended: [],
      },
    })
    expect(why([step])).toMatchObject({
      cause: 'waiting',
      sentence: 'Waiting for guest to start, which keeps MealCooked until 10:10:00Z',
      responsible: 'guest',
      until: second(600),
    })
  })
})
