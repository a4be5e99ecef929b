import { describe, expect, test } from '@jest/globals'
import { createMachine } from 'xstate'
import { definitionBook } from './definitions.ts'
import { awaitedEvents, delayName, stateName } from './machine-definition.ts'
import { aStep, beginning, book, definitions, mealSteps, says, storyOf, takes } from './meal.fixtures.ts'
import { sentence, waitsFor } from './sentence.ts'

const steps = mealSteps('m1')
const now = beginning + 4_500
const say = (told: typeof steps, at = now) => sentence(storyOf(told), { definitions: book, now: at })
const active = (value: unknown) => ({ value, context: {}, status: 'active' as const })

describe('the one sentence', () => {
  test('an event on its way names who said it and who has not taken it in', () => {
    expect(say(steps.slice(0, 1))).toBe(
      'MealOrdered is on its way from guest to kitchen and cellar since 10:00:00Z',
    )
    expect(say(steps.slice(0, 2))).toBe('MealOrdered is on its way from guest to cellar since 10:00:00Z')
  })

  test('an effect under way is told with its attempt and its deadline', () => {
    expect(say(steps.slice(0, 4))).toBe(
      'Waiting in `cooking.raw` (kitchen) for cook, attempt 1, since 10:00:01Z until 10:00:30Z at the latest',
    )
  })

  test('a failed attempt is told with its error and the time of the next one', () => {
    expect(say(steps.slice(0, 5))).toBe(
      'kitchen tries cook again at 10:00:06Z (attempt 2, gives up at 10:00:30Z); the last error: the oven is cold',
    )
    expect(say(steps.slice(0, 5), beginning + 6_500)).toMatch(/^kitchen tries cook again now \(attempt 2/)
  })

  test('a long error is cut', () => {
    const error = 'x'.repeat(500)
    const failing = steps
      .slice(0, 5)
      .map((step) => (step.cause.kind === 'retry' ? { ...step, cause: { ...step.cause, error } } : step))
    expect(say(failing)).toMatch(/the last error: x{119}…$/)
  })

  test('a wait names the events that would end it, its time and its timer', () => {
    const [first] = steps
    const waiting = { ...first, ...says({ id: 'e9', type: 'Heard by nobody' }) } as (typeof steps)[number]
    expect(say([waiting])).toBe(
      'Waiting in `waiting` (guest) for MealCooked, MealRefused or WinePoured until 10:01:00Z; timer patience',
    )
    expect(say([waiting], beginning - 86_400_000)).toMatch(/until 2026-11-23T10:01:00Z; timer patience$/)
  })

  test('a wait without a timer says that it has no limit', () => {
    const step = aStep({ participant: 'kitchen', sagaId: 'm1', seq: 1, state: active('idle') })
    expect(say([step])).toBe('Waiting in `idle` (kitchen) for MealOrdered, with no time limit')
  })

  test('a part that only an operator can move says which signals would', () => {
    const machine = createMachine({
      id: 'kitchen',
      initial: 'burnt',
      states: { burnt: { on: { CookAgain: 'done', WriteOff: 'done' } }, done: { type: 'final' } },
    })
    const listensTo = ['CookAgain', 'WriteOff'].map((type) => ({ type, topic: 'kitchen.control' }))
    const book = definitionBook()
    for (const each of definitions) book.add(each)
    book.add({ participant: 'kitchen', version: '1', definition: machine.definition, listensTo })
    const burnt = aStep({ participant: 'kitchen', sagaId: 'm1', seq: 2, at: now, state: active('burnt') })
    const story = storyOf([...steps.slice(0, 1), burnt])
    expect(sentence(story, { definitions: book, now })).toBe(
      '`burnt` (kitchen) waits for a person since 10:00:04Z: CookAgain or WriteOff',
    )
  })

  test('a part that waits for a person says which row holds it, and why, before all else', () => {
    const held = {
      row: 'm1:6',
      seq: 6,
      id: 'e',
      code: 'CHORUS_TRUNCATED',
      reason: 'it ends too early',
      at: now,
    }
    const step = aStep({ participant: 'kitchen', sagaId: 'm1', seq: 6, held, state: active('idle') })
    expect(say([...steps.slice(0, 5), step])).toBe(
      'Held in kitchen since 10:00:04Z until a dead letter is redriven or discarded (row m1:6): it ends too early',
    )
    const released = aStep({
      participant: 'kitchen',
      sagaId: 'm1',
      seq: 7,
      released: ['m1:6'],
      state: active('idle'),
    })
    expect(say([...steps.slice(0, 5), step, released])).not.toMatch(/^Held/)
  })

  test('a pause says who wanted it, in his words', () => {
    const held = {
      row: 'm1:1',
      seq: 1,
      id: 'c',
      code: 'CHORUS_PAUSED',
      reason: 'the guest is asleep',
      at: now,
    }
    const step = aStep({ participant: 'kitchen', sagaId: 'm1', seq: 1, held, state: active('idle') })
    expect(say([step])).toBe('Paused by an operator in kitchen since 10:00:04Z: the guest is asleep')
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
        started: [{ key: 'u@1', id: 'u', event: 'u', dueAt: beginning + 600_000, trace: {} }],
        ended: [],
      },
    })
    expect(say([step])).toBe('Waiting for guest to start, which keeps MealCooked until 10:10:00Z')
  })

  test('the end names how each participant ended, the one that began first', () => {
    expect(say(steps)).toBe('Ended: guest served, kitchen cooked, cellar poured')
  })

  test('a machine that died is no ordinary ending', () => {
    const died = { value: 'idle', context: {}, status: 'error' as const }
    expect(say([aStep({ participant: 'kitchen', sagaId: 'm1', seq: 1, state: died })])).toBe(
      'Ended: kitchen stopped with an error in `idle`',
    )
  })

  test('a part at its end waits for nothing', () => {
    const { parts } = storyOf(steps)
    const guest = parts.guest
    expect(guest && waitsFor('guest', guest, { definitions: book, now })).toEqual({
      events: [],
      until: null,
      timer: null,
    })
  })
})

describe('a machine definition that came through JSON', () => {
  const guest = definitions[0]?.definition

  test('an event that is declared only to be ignored is not waited for', () => {
    expect(awaitedEvents(guest, 'waiting')).not.toContain('MealWished')
    expect(awaitedEvents(guest, 'hungry')).toEqual(['MealWished'])
  })

  test('a deeper state replaces what the states around it say of an event', () => {
    const on = (type: string, target?: string) => ({
      [type]: [{ actions: [], ...(target && { target: [target] }) }],
    })
    const nested = {
      on: { ...on('Stop', '#end'), ...on('Go', '#go') },
      states: { outer: { states: { inner: { on: on('Stop') } } } },
    }
    expect(awaitedEvents(nested, { outer: 'inner' })).toEqual(['Go'])
    expect(awaitedEvents(nested, { outer: {} })).toEqual(['Stop', 'Go'])
  })

  test('an unnamed delay is told in milliseconds', () => {
    const timed = { states: { a: { on: { 'xstate.after.500.m.a': [{ delay: 500 }] } } } }
    expect(delayName(timed, 'a', 'xstate.after.500.m.a')).toBe('500 ms')
    expect(delayName(undefined, 'a', 'tick')).toBe('tick')
  })

  test('a state value is told in one word', () => {
    expect(stateName('a')).toBe('a')
    expect(stateName({ a: 'b' })).toBe('a.b')
    expect(stateName({ left: 'on', right: { off: 'cold' } })).toBe('left.on, right.off.cold')
    expect(stateName({ left: {} })).toBe('left')
  })
})
