import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createMachine } from 'xstate'
import type { SagaStep } from '../saga-steps.ts'
import { definitionBook } from './definitions.ts'
import { aStep, beginning, mealSteps, reading, says, storyOf, takes } from './meal.fixtures.ts'
import { tell } from './saga-machine.ts'
import { stepTaken } from './story.ts'

const steps = mealSteps('m1')
const told = (count: number) => storyOf(steps.slice(0, count))

describe('the story of a saga', () => {
  test('runs while something is on its way or under way, and then ends', () => {
    expect(steps.map((_, i) => told(i + 1).state)).toEqual([
      'running', // MealOrdered is on its way
      'running',
      'running',
      'running', // the kitchen cooks
      'running',
      'running', // MealCooked is on its way
      'ended',
    ])
  })

  test('tells of each participant where it stands and what it owes', () => {
    const { parts, beganAt, at } = told(5)
    expect({ beganAt, at }).toEqual({ beganAt: beginning, at: beginning + 4_000 })
    expect(parts.guest).toMatchObject({ seq: 2, state: 'waiting', status: 'active' })
    expect(parts.guest?.timers).toMatchObject([{ dueAt: beginning + 60_000 }])
    expect(parts.cellar).toMatchObject({ seq: 1, state: 'poured', status: 'done', timers: [], effects: [] })
    expect(parts.kitchen?.effects).toEqual([
      {
        key: 'cook@1',
        id: 'cook',
        attempt: 2,
        startedAt: beginning + 1_000,
        notBefore: beginning + 6_000,
        deadlineAt: beginning + 30_000,
        error: 'the oven is cold',
      },
    ])
    expect(parts.kitchen?.last).toEqual({ kind: 'retry', name: 'cook', outcome: 'applied' })
  })

  test('at its end owes nothing, and holds no payload', () => {
    const story = told(7)
    for (const { timers, effects } of Object.values(story.parts)) expect([timers, effects]).toEqual([[], []])
    expect(JSON.stringify(story)).not.toMatch(/secret|nuts/)
  })

  test('is the same for any order across participants and any repetition of earlier steps', () => {
    const inOrder = told(7)
    fc.assert(
      fc.property(arrivals(steps), (arrived) => {
        expect(storyOf(arrived)).toEqual(inOrder)
      }),
    )
  })

  test('is the very same object when a step was told before', () => {
    const story = told(7)
    for (const step of steps) expect(tell(story, 'm1', [stepTaken(step, reading)])).toBe(story)
  })

  test('is the same whether its steps are told one by one or many at once, some of them twice', () => {
    const taken = [...steps.slice(0, 4), ...steps.slice(2)].map((step) => stepTaken(step, reading))
    expect(tell(tell(null, 'm1', taken.slice(0, 2)), 'm1', taken)).toEqual(told(7))
  })

  test('tells what undoes, while it does and afterwards', () => {
    const machine = createMachine({
      id: 'kitchen',
      initial: 'idle',
      states: { idle: {}, clearing: { tags: ['compensation'], initial: 'on', states: { on: {} } } },
    })
    const kitchen = definitionBook()
    const definition = JSON.parse(JSON.stringify(machine.definition))
    kitchen.add({ participant: 'kitchen', version: '1', definition, listensTo: [] })
    const taken = [{ clearing: 'on' }, 'idle'].map((value, i) => {
      const state = { value, context: {}, status: 'active' as const }
      const step = aStep({ participant: 'kitchen', sagaId: 'm1', seq: i + 1, state })
      return stepTaken(step, { ...reading, definitions: kitchen })
    })
    const during = tell(null, 'm1', taken.slice(0, 1))
    expect(during).toMatchObject({ hasCompensated: true, parts: { kitchen: { isCompensating: true } } })
    const after = tell(during, 'm1', taken)
    expect(after).toMatchObject({ hasCompensated: true, parts: { kitchen: { isCompensating: false } } })
    expect(told(7).hasCompensated).toBe(false)
  })

  test('waits when nothing moves until somebody speaks', () => {
    const waiting = { value: 'waiting', context: {}, status: 'active' as const }
    const wished = { ...takes({ id: 'e0', type: 'MealWished' }, 'outside'), state: waiting }
    expect(storyOf([aStep({ participant: 'guest', sagaId: 'm1', seq: 1, ...wished })]).state).toBe('waiting')
  })

  test('is not over while an event is on its way to a participant that has not begun', () => {
    const done = { value: 'served', context: {}, status: 'done' as const }
    const ordered = { id: 'e1', type: 'MealOrdered' }
    const said = aStep({ participant: 'guest', sagaId: 'm1', seq: 1, ...says(ordered), state: done })
    expect(storyOf([said]).state).toBe('running')
    const taken = ['kitchen', 'cellar'].map((participant) =>
      aStep({ participant, sagaId: 'm1', seq: 1, ...takes(ordered, 'guest'), state: done }),
    )
    expect(storyOf([said, ...taken]).state).toBe('ended')
  })

  test('keeps a deferred event until a later step takes it in or gives it up', () => {
    const early = { id: 'e3', type: 'MealCooked' }
    const keep = aStep({
      participant: 'guest',
      sagaId: 'm1',
      seq: 1,
      ...takes(early, 'kitchen'),
      outcome: 'deferred',
    })
    const kept = {
      ...early,
      source: 'kitchen',
      topic: 't',
      partition: 0,
      offset: '0',
      time: 0,
      data: {},
      trace: {},
      seq: 1,
    }
    const unstarted = storyOf([{ ...keep, deferred: kept }])
    expect(unstarted.parts.guest).toMatchObject({
      status: 'unstarted',
      deferred: [{ ...early, at: beginning }],
    })
    expect(unstarted.state).toBe('waiting')

    const next = aStep({ participant: 'guest', sagaId: 'm1', seq: 2 })
    const takenIn = storyOf([
      { ...keep, deferred: kept },
      { ...next, consumed: ['e0', 'e3'] },
    ])
    expect(takenIn.parts.guest?.deferred).toEqual([])
    const givenUp = storyOf([
      { ...keep, deferred: kept },
      { ...next, letters: [{ id: kept.id, code: 'CHORUS_NEVER_STARTED', reason: '', event: kept }] },
    ])
    expect(givenUp.parts.guest?.deferred).toEqual([])
    expect(givenUp.state).toBe('ended')
  })
})

/** Each participant's steps in their order, mixed across participants, with earlier ones coming again at any time. */
function arrivals(all: readonly SagaStep[]): fc.Arbitrary<SagaStep[]> {
  const choices = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { minLength: 20, maxLength: 60 })
  return choices.map((picks) => {
    const lanes = [...Map.groupBy(all, ({ participant }) => participant).values()]
    const arrived: SagaStep[] = []
    for (const [lane, old, repeat] of picks) {
      const open = lanes.filter((steps) => steps.length > 0)
      if (repeat && arrived.length > 0) arrived.push(arrived[old % arrived.length] as SagaStep)
      else if (open.length > 0) arrived.push(open[lane % open.length]?.shift() as SagaStep)
    }
    return [...arrived, ...lanes.flat()]
  })
}
