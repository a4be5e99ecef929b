import { createMachine, fromPromise, setup } from 'xstate'
import type { PendingEffect, PendingTimer } from '../journal.ts'
import type { SagaDefinition, SagaStep } from '../saga-steps.ts'
import { definitionBook } from './definitions.ts'
import { type Story, tell } from './saga-machine.ts'
import { type Reading, stepTaken } from './story.ts'

/** A saga to tell: a guest orders a meal, kitchen and cellar each do their part, the guest is served. */
export const traceId = '0af7651916cd43dd8448eb211c80319c'

/** Steps are a second apart, from 2026-11-23T10:00:00Z. */
export const beginning = Date.parse('2026-11-23T10:00:00Z')

const guest = createMachine({
  id: 'guest',
  initial: 'hungry',
  states: {
    hungry: { on: { MealWished: 'waiting' } },
    waiting: {
      on: {
        MealCooked: { target: 'served' },
        MealRefused: 'leaving',
        WinePoured: { actions: () => {} },
        MealWished: {},
      },
      after: { patience: 'leaving' },
    },
    served: { type: 'final' },
    leaving: { type: 'final' },
  },
})

const kitchen = setup({ actors: { cook: fromPromise(async () => 'done') } }).createMachine({
  id: 'kitchen',
  initial: 'idle',
  states: {
    idle: { on: { MealOrdered: 'cooking' } },
    cooking: {
      invoke: { id: 'cook', src: 'cook', onDone: 'cooked', onError: 'cooked' },
      initial: 'raw',
      states: { raw: {} },
    },
    cooked: { type: 'final' },
  },
})

const cellar = createMachine({
  id: 'cellar',
  initial: 'closed',
  states: { closed: { on: { MealOrdered: 'poured' } }, poured: { type: 'final' } },
})

export const definitions: readonly SagaDefinition[] = [
  definition('guest', guest, ['MealWished', 'MealCooked', 'MealRefused', 'WinePoured'], ['MealOrdered']),
  definition('kitchen', kitchen, ['MealOrdered'], ['MealCooked', 'MealRefused']),
  definition('cellar', cellar, ['MealOrdered'], ['WinePoured']),
]

export const book = definitionBook()
for (const each of definitions) book.add(each)

/** What the steps of a meal are read with: a payload's id is whatever its field `billId` says. */
export const reading: Reading = {
  definitions: book,
  businessIds: (_, data) =>
    Object.values({ billId: '', ...(data as object) }).filter((id) => id.startsWith('bill-')),
}

const patience: PendingTimer = {
  key: 'xstate.after.patience.guest.waiting@1',
  id: 'xstate.after.patience.guest.waiting',
  event: 'xstate.after.patience.guest.waiting',
  dueAt: beginning + 60_000,
  trace: {},
}

const cook: PendingEffect = {
  key: 'cook@1',
  id: 'cook',
  src: 'cook',
  input: null,
  idempotencyKey: 'meal:1/cook',
  startedAt: beginning + 1_000,
  deadlineAt: beginning + 30_000,
  failures: 0,
  notBefore: beginning + 1_000,
  trace: {},
}

/** The steps of one saga that went well after a first failure in the kitchen, in the order of their times. */
export function mealSteps(sagaId: string): SagaStep[] {
  const event = (id: string, type: string) => ({ id: `${sagaId}/${id}`, type })
  const ordered = event('e1', 'MealOrdered')
  const poured = event('e2', 'WinePoured')
  const cooked = event('e3', 'MealCooked')
  const step = (participant: string, seq: number, second: number, fields: Partial<SagaStep>) =>
    aStep({ participant, sagaId, seq, at: beginning + second * 1_000, ...fields })
  return [
    step('guest', 1, 0, {
      ...takes(event('e0', 'MealWished'), 'outside'),
      ...says(ordered),
      timers: { started: [patience], ended: [] },
      state: { value: 'waiting', context: { allergies: 'nuts' }, status: 'active' },
    }),
    step('kitchen', 1, 1, {
      ...takes(ordered, 'guest'),
      effects: { started: [cook], ended: [] },
      state: { value: { cooking: 'raw' }, context: {}, status: 'active' },
    }),
    step('cellar', 1, 2, {
      ...takes(ordered, 'guest'),
      ...says(poured),
      state: { value: 'poured', context: {}, status: 'done' },
    }),
    step('guest', 2, 3, {
      ...takes(poured, 'cellar'),
      state: { value: 'waiting', context: {}, status: 'active' },
    }),
    step('kitchen', 2, 4, {
      cause: { kind: 'retry', id: cook.key, error: 'the oven is cold' },
      effects: { started: [{ ...cook, failures: 1, notBefore: beginning + 6_000 }], ended: [] },
      state: { value: { cooking: 'raw' }, context: {}, status: 'active' },
    }),
    step('kitchen', 3, 7, {
      cause: { kind: 'answer', id: cook.key, status: 'done', value: 'done' },
      ...says(cooked),
      effects: { started: [], ended: [cook.key] },
      state: { value: 'cooked', context: {}, status: 'done' },
    }),
    step('guest', 3, 8, {
      ...takes(cooked, 'kitchen'),
      timers: { started: [], ended: [patience.key] },
      state: { value: 'served', context: {}, status: 'done' },
    }),
  ]
}

/** The story that these steps tell. */
export function storyOf(steps: readonly SagaStep[]): Story {
  const story = steps.reduce<Story | null>(
    (before, step) => tell(before, step.sagaId, [stepTaken(step, reading)]),
    null,
  )
  if (!story) throw new Error('no step, no story')
  return story
}

export function aStep(
  fields: Partial<SagaStep> & Pick<SagaStep, 'participant' | 'sagaId' | 'seq'>,
): SagaStep {
  const { sagaId, seq } = fields
  return {
    _id: `${sagaId}:${seq}`,
    attempt: 'a',
    version: '1',
    partition: 0,
    at: beginning,
    cause: { kind: 'timer', id: `tick@${seq}`, dueAt: beginning },
    outcome: 'applied',
    consumed: [],
    emitted: [],
    timers: { started: [], ended: [] },
    effects: { started: [], ended: [] },
    state: null,
    trace: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
    ...fields,
  }
}

type Named = { readonly id: string; readonly type: string }

export function takes({ id, type }: Named, source: string): Pick<SagaStep, 'cause' | 'consumed'> {
  const place = { topic: `${source}.events`, partition: 0, offset: '0', time: beginning }
  return { cause: { kind: 'event', id, type, source, ...place }, consumed: [id] }
}

export function says({ id, type }: Named): Pick<SagaStep, 'emitted'> {
  return { emitted: [{ id, type, data: { note: 'secret' }, trace: {} }] }
}

function definition(
  participant: string,
  machine: { readonly definition: unknown },
  listensTo: readonly string[],
  emits: readonly string[],
): SagaDefinition {
  return JSON.parse(
    JSON.stringify({
      participant,
      version: '1',
      definition: machine.definition,
      listensTo: listensTo.map((type) => ({ type, topic: 'meal.events' })),
      emits,
    }),
  )
}
