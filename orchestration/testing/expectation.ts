import type { AnyStateMachine, ContextFrom, EmittedFrom } from 'xstate'
import type { EmittedEvent, JournalRow } from '../journal.ts'
import { stateName } from '../tracker/machine-definition.ts'
import { demand } from './complaint.ts'
import type { SpokenEvent } from './happenings.ts'
import { lineOf } from './listing.ts'
import { pendingOf, rowsOf, type Stage } from './stage.ts'

/** What must be so after `when`. Whatever is left out is not looked at. */
export type Expectation<Machine extends AnyStateMachine = AnyStateMachine> = {
  /** The state's value, or its name: `{ capturing: 'wanted' }` is `'capturing.wanted'`. `null`: not started. */
  readonly state?: string | object | null
  /** These fields of the context. */
  readonly context?: Partial<ContextFrom<Machine>>
  /** Everything that was said since `when`, in order: whole events, or their types alone. */
  readonly emitted?: readonly (EmittedFrom<Machine> | EmittedFrom<Machine>['type'])[]
  /** Ids of the effects that were asked for since `when`, in order. */
  readonly asked?: readonly string[]
  /** What is waited for, in any order: effects by their ids, timers as `after <delay>`. */
  readonly pending?: readonly string[]
  /** Types of the events that wait for a later state, in the order of their arrival. */
  readonly deferred?: readonly string[]
  /** How the last cause was taken. */
  readonly outcome?: JournalRow['outcome']
}

/** Throws when something is not as expected between the two stages, with all that happened. */
export function expectThat(before: Stage, after: Stage, expected: Expectation): void {
  const { state, context, emitted, pending, ...rest } = expected
  const rows = rowsOf(after.steps.slice(before.steps.length))
  demand(
    {
      ...rest,
      ...(state !== undefined && { state: nameOf(state) }),
      ...(context && { context }),
      ...(emitted && { emitted }),
      ...(pending && { pending: pending.toSorted() }),
    },
    {
      state: nameOf(after.head?.state?.value ?? null),
      context: picked(after.head?.state?.context ?? {}, context ?? {}),
      emitted: asExpected(
        rows.flatMap((row) => row.emitted.map(eventOf)),
        emitted ?? [],
      ),
      asked: askedIn(rows),
      pending: pendingOf(after).sort(),
      deferred: (after.head?.deferred ?? []).map(({ type }) => type),
      outcome: rows.at(-1)?.outcome,
    },
    happened(before, after),
  )
}

/** Throws when anything came of what happened between the two stages. */
export function expectNothing(before: Stage, after: Stage): void {
  const { state, deferred = [] } = before.head ?? {}
  expectThat(before, after, {
    state: state ? (state.value as object) : null,
    context: state?.context ?? {},
    emitted: [],
    asked: [],
    pending: pendingOf(before),
    deferred: deferred.map(({ type }) => type),
  })
}

/** The name under which states are compared. */
export function nameOf(state: unknown): string {
  return state === null ? 'not started' : stateName(state)
}

/** What was said, as the expectation tells it: where that names a type alone, so does this. */
export function asExpected(
  said: readonly SpokenEvent[],
  expected: readonly unknown[],
  word: (event: SpokenEvent) => string = ({ type }) => type,
): unknown[] {
  const isBrief = expected.every((event) => typeof event === 'string')
  return said.map((event, i) => (isBrief || typeof expected[i] === 'string' ? word(event) : event))
}

function eventOf({ type, data }: EmittedEvent): SpokenEvent {
  return { type, ...data }
}

/** An effect that is tried again is started under its own key a second time. */
function askedIn(rows: readonly JournalRow[]): string[] {
  return rows.flatMap(({ cause, effects }) =>
    cause.kind === 'retry' ? [] : effects.started.map(({ id }) => id),
  )
}

function picked(context: Readonly<Record<string, unknown>>, like: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.keys(like).map((field) => [field, context[field]]))
}

function happened(before: Stage, after: Stage): string[] {
  return after.steps.map((step, i) => `${i < before.steps.length ? 'given' : 'when '}  ${lineOf(step)}`)
}
