import type { Cause, Hold, JournalRow, MachineState } from '../journal.ts'
import type { SagaStep } from '../saga-steps.ts'

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

/** What one step changes in the story of its participant: facts only, no payload. */
export type StepTaken = {
  readonly type: 'StepTaken'
  readonly participant: string
  readonly seq: number
  readonly version: string
  readonly at: number
  /** Value of the participant's machine after the step; `null` while it has not started. */
  readonly state: unknown
  readonly status: MachineState['status'] | 'unstarted'
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

/**
 * The facts of a step. Throws when the step is not shaped like one, so that whatever came through can be told without a
 * further check. `listenersOf` names the participants that listen to a type of event.
 */
export function stepTaken(step: SagaStep, listenersOf: (type: string) => readonly string[]): StepTaken {
  const { participant, seq, version, at, state, cause, outcome, timers, effects, deferred } = step
  if (typeof participant !== 'string' || !Number.isSafeInteger(seq) || seq < 1 || !Number.isFinite(at))
    throw new TypeError('a step needs a participant, a seq from 1 on and a time')
  return {
    type: 'StepTaken',
    participant,
    seq,
    version,
    at,
    state: state?.value ?? null,
    status: state?.status ?? 'unstarted',
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
    said: step.emitted.map(({ id, type }) => ({ id, type, at, to: listenersOf(type) })),
    taken: [...step.consumed],
    given: [...(step.letters ?? []).map(({ id }) => id), ...(step.dropped ?? [])],
    held: step.held ?? null,
    released: [...(step.released ?? [])],
  }
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
