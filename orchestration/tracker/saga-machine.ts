import { assign, setup, transition } from 'xstate'
import type { Hold } from '../journal.ts'
import type { Change, SaidEvent, StepTaken, StoryEffect, StoryEvent, StoryTimer } from './story.ts'

/** One participant's part in a saga, as its newest step left it. */
export type Part = {
  readonly seq: number
  readonly version: string
  readonly startedAt: number
  readonly at: number
  readonly state: unknown
  readonly status: StepTaken['status']
  readonly timers: readonly StoryTimer[]
  readonly effects: readonly StoryEffect[]
  /** Events that it keeps for a later state. */
  readonly deferred: readonly StoryEvent[]
  /** What keeps it waiting for a person; absent when nothing does. */
  readonly held?: readonly Hold[]
  readonly said: readonly SaidEvent[]
  /** Ids of all the causes that it has taken in. */
  readonly taken: readonly string[]
  readonly isCompensating: boolean
  /** The newest cause. */
  readonly last: StepTaken['cause'] & Pick<StepTaken, 'outcome'>
}

type SagaFacts = {
  /** How many steps this tells of. Grows with each, so a higher one is always the newer story. */
  readonly revision: number
  readonly beganAt: number
  readonly at: number
  /** By participant. */
  readonly parts: Readonly<Record<string, Part>>
  /** Something was undone, or is being undone. */
  readonly hasCompensated: boolean
  /** Of its traces, and of what its events speak of. */
  readonly ids: readonly string[]
}

const nothing: SagaFacts = {
  revision: 0,
  beganAt: Number.MAX_SAFE_INTEGER,
  at: 0,
  parts: {},
  hasCompensated: false,
  ids: [],
}

/** Ids of one saga that are kept: it is found by these, and a story stays small. */
const mostIds = 50

/**
 * `running`: an event is on its way or an effect is under way. `waiting`: nothing moves until somebody speaks or a timer fires.
 * `ended`: every part that was begun is at its end, and nothing is on its way.
 */
export type SagaState = 'running' | 'waiting' | 'ended'

/** The whole saga as its steps tell it, without payloads. */
export type Story = { readonly sagaId: string; readonly state: SagaState } & SagaFacts

type StepsTaken = { readonly type: 'StepsTaken'; readonly steps: readonly StepTaken[] }

/** An event that a listener has not taken in yet. */
export type UnderWay = SaidEvent & { readonly from: string; readonly to: readonly string[] }

/**
 * The whole saga, of whatever participants. Steps of one participant come in their order; across participants any order gives the
 * same end, and a step that was told before changes nothing.
 */
export const sagaMachine = setup({
  types: { context: {} as SagaFacts, events: {} as StepsTaken },
  guards: {
    isNews: ({ context, event }) => news(context, event.steps).length > 0,
    isOver: ({ context }) =>
      Object.values(context.parts).every(isAtItsEnd) && underWay(context.parts).length === 0,
    isMoving: ({ context }) =>
      Object.values(context.parts).some(({ effects }) => effects.length > 0) ||
      underWay(context.parts).length > 0,
  },
  actions: {
    tell: assign(({ context, event }) => news(context, event.steps).reduce(withStep, context)),
  },
}).createMachine({
  id: 'saga',
  context: nothing,
  initial: 'waiting',
  on: { StepsTaken: { guard: 'isNews', target: '.deciding', actions: 'tell' } },
  states: {
    deciding: {
      always: [
        { guard: 'isOver', target: 'ended' },
        { guard: 'isMoving', target: 'running' },
        { target: 'waiting' },
      ],
    },
    running: {},
    waiting: {},
    // Not final: a participant that nobody knew of may still begin its part.
    ended: {},
  },
})

/** The steps that this does not tell of yet, each once. */
export function news<T extends Pick<StepTaken, 'participant' | 'seq'>>(
  facts: Pick<SagaFacts, 'parts'> | null,
  steps: readonly T[],
): T[] {
  const told = new Map<string, number>()
  return steps.filter(({ participant, seq }) => {
    const before = told.get(participant) ?? facts?.parts[participant]?.seq ?? 0
    if (seq <= before) return false
    told.set(participant, seq)
    return true
  })
}

/** The story with these steps more, in their order: the same object when all of them were in it already. */
export function tell(story: Story | null, sagaId: string, steps: readonly StepTaken[]): Story {
  const before: Story = story ?? { sagaId, state: 'waiting', ...nothing }
  const { state, sagaId: _, ...context } = before
  const snapshot = sagaMachine.resolveState({ value: state, context })
  const [after] = transition(sagaMachine, snapshot, { type: 'StepsTaken', steps })
  if (after.context === context) return before
  return { sagaId, state: after.value as SagaState, ...after.context }
}

/** Events that were said and that not all of their listeners have taken in, oldest first. */
export function underWay(parts: Story['parts']): UnderWay[] {
  return Object.entries(parts)
    .flatMap(([from, { said }]) => said.map((event) => ({ ...event, from, to: missing(parts, event) })))
    .filter(({ to }) => to.length > 0)
    .sort((a, b) => a.at - b.at)
}

function missing(parts: Story['parts'], { id, to }: SaidEvent): string[] {
  return to.filter((participant) => !parts[participant]?.taken.includes(id))
}

/** A part that was never started is at its end when it keeps nothing any more. One that is held never is. */
function isAtItsEnd({ status, deferred, held }: Part): boolean {
  if (held) return false
  return status === 'unstarted' ? deferred.length === 0 : status !== 'active'
}

function withStep(facts: SagaFacts, step: StepTaken): SagaFacts {
  const part = partAfter(facts.parts[step.participant], step)
  return {
    revision: facts.revision + 1,
    beganAt: Math.min(facts.beganAt, part.startedAt),
    at: Math.max(facts.at, step.at),
    parts: { ...facts.parts, [step.participant]: part },
    hasCompensated: facts.hasCompensated || step.isCompensating,
    ids: [...new Set([...facts.ids, ...step.ids])].slice(0, mostIds),
  }
}

function partAfter(part: Part | undefined, step: StepTaken): Part {
  const { seq, version, at, state, status, cause, outcome } = step
  const settled = new Set([...step.taken, ...step.given])
  const kept = (part?.deferred ?? []).filter(({ id }) => !settled.has(id))
  const held = [...(part?.held ?? []), step.held]
    .filter((hold) => hold !== null)
    .filter(({ row }) => !step.released.includes(row))
  return {
    seq,
    version,
    startedAt: part?.startedAt ?? at,
    at,
    state,
    status,
    timers: follow(part?.timers ?? [], step.timers),
    effects: follow(part?.effects ?? [], step.effects),
    deferred: [...kept, ...step.deferred],
    ...(held.length > 0 && { held }),
    said: [...(part?.said ?? []), ...step.said],
    taken: [...new Set([...(part?.taken ?? []), ...step.taken])],
    isCompensating: step.isCompensating,
    last: { ...cause, outcome },
  }
}

/** What starts under a key that is pending replaces it: a retry. */
function follow<T extends { readonly key: string }>(pending: readonly T[], change: Change<T>): T[] {
  const gone = new Set([...change.ended, ...change.started.map(({ key }) => key)])
  return [...pending.filter(({ key }) => !gone.has(key)), ...change.started]
}
