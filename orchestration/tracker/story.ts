import type { Cause, Hold, JournalRow, MachineState } from '../journal.ts'
import type { SagaStep } from '../saga-steps.ts'
import type { BusinessIds } from './business-ids.ts'
import type { Definitions } from './definitions.ts'
import { hasTag } from './machine-definition.ts'

/** States with this tag undo what was done: `tags: ['compensation']` in the machine. */
const compensation = 'compensation'

/** A timer that a part has set. Times are epoch milliseconds, everywhere in a story. */
export type StoryTimer = {
  readonly key: string
  readonly id: string
  readonly event: string
  readonly dueAt: number
}

/** An effect that a part has asked for. */
export type StoryEffect = {
  readonly key: string
  readonly id: string
  /** 1 for the first. */
  readonly attempt: number
  readonly startedAt: number
  /** This attempt starts no earlier. */
  readonly notBefore: number
  readonly deadlineAt?: number
  /** Why the attempt before this one failed. */
  readonly error?: string
}

export type StoryEvent = { readonly id: string; readonly type: string; readonly at: number }

/** `to`: the participants that listen to it, as far as their definitions were known when the step was read. */
export type SaidEvent = StoryEvent & { readonly to: readonly string[] }

/** What one step changes in the story of its participant: facts only, no payload but the ids in it. */
export type StepTaken = {
  readonly participant: string
  readonly seq: number
  readonly version: string
  readonly at: number
  /** Value of the participant's machine after the step; `null` while it has not started. */
  readonly state: unknown
  readonly status: MachineState['status'] | 'unstarted'
  /** It is in a state that undoes something. */
  readonly isCompensating: boolean
  /** By which its saga is found, beside the ids of its events: of its trace, and of whatever its events speak. */
  readonly ids: readonly string[]
  readonly cause: { readonly kind: Cause['kind']; readonly name: string }
  readonly outcome: JournalRow['outcome']
  readonly timers: Change<StoryTimer>
  readonly effects: Change<StoryEffect>
  readonly deferred: readonly StoryEvent[]
  readonly said: readonly SaidEvent[]
  /** Ids of the causes taken in. */
  readonly taken: readonly string[]
  /** Ids of deferred events that wait no more: given up, set aside, or dropped. */
  readonly given: readonly string[]
  /** The hold that this step puts on its part. */
  readonly held: Hold | null
  /** Rows whose holds it ends. */
  readonly released: readonly string[]
}

export type Change<T> = { readonly started: readonly T[]; readonly ended: readonly string[] }

/** What a step is read with: the definitions say whom an event is for, and which states undo something. */
export type Reading = {
  readonly definitions: Pick<Definitions, 'of' | 'listenersOf' | 'newest'>
  readonly businessIds: BusinessIds
}

/**
 * The facts of a step. Throws when the step is not shaped like one, so that whatever came through can be told without a
 * further check.
 */
export function stepTaken(step: SagaStep, { definitions, businessIds }: Reading): StepTaken {
  const { participant, seq, version, at, state, cause, outcome, timers, effects, deferred } = step
  if (typeof participant !== 'string' || !Number.isSafeInteger(seq) || seq < 1 || !Number.isFinite(at))
    throw new TypeError('a step needs a participant, a seq from 1 on and a time')
  const { definition } = definitions.of(participant, version) ?? {}
  return {
    participant,
    seq,
    version,
    at,
    state: state?.value ?? null,
    status: state?.status ?? 'unstarted',
    isCompensating: state?.status === 'active' && hasTag(definition, state.value, compensation),
    ids: idsOf(step, businessIds),
    cause: { kind: cause.kind, name: causeName(cause) },
    outcome,
    timers: {
      started: timers.started.map(({ key, id, event, dueAt }) => ({ key, id, event, dueAt })),
      ended: [...timers.ended],
    },
    effects: {
      started: effects.started.map((effect) => effectOf(effect, cause)),
      ended: [...effects.ended],
    },
    deferred: deferred ? [{ id: deferred.id, type: deferred.type, at }] : [],
    said: step.emitted.map(({ id, type }) => ({ id, type, at, to: definitions.listenersOf(type) })),
    taken: [...step.consumed],
    given: [...(step.letters ?? []).map(({ id }) => id), ...(step.dropped ?? [])],
    held: step.held ?? null,
    released: [...(step.released ?? [])],
  }
}

/** The id of the trace that a step belongs to. */
export function traceIdOf({ trace }: Pick<SagaStep, 'trace'>): string | null {
  return trace.traceparent?.split('-')[1] ?? null
}

function idsOf(step: SagaStep, businessIds: BusinessIds): string[] {
  const traceId = traceIdOf(step)
  return [...(traceId ? [traceId] : []), ...step.emitted.flatMap(({ type, data }) => businessIds(type, data))]
}

/** What a cause is called: an event's type, a command's name, a poison's code, else the timer's or effect's id without its generation. */
export function causeName(cause: Cause): string {
  switch (cause.kind) {
    case 'event':
      return cause.type
    case 'command':
      return cause.command
    case 'poison':
      return cause.code
    default:
      return cause.id.replace(/@\d+$/, '')
  }
}

function effectOf(effect: JournalRow['effects']['started'][number], cause: Cause): StoryEffect {
  const { key, id, failures, startedAt, notBefore, deadlineAt } = effect
  return {
    key,
    id,
    attempt: failures + 1,
    startedAt,
    notBefore,
    ...(deadlineAt !== undefined && { deadlineAt }),
    ...(cause.kind === 'retry' && cause.id === key && { error: cause.error }),
  }
}
