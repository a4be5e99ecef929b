import type { AnyStateMachine } from 'xstate'
import { TerminalError } from '#messaging'
import { type Expectation, expectNothing, expectThat } from './expectation.ts'
import type { Answer, Happening, Passing, Refusal, SpokenEvent } from './happenings.ts'
import { emptyStage, envelope, hear, nextDue, type Stage, settle, take } from './stage.ts'
import { participantOf, type Subject, sagaId } from './subject.ts'

/** A part that has come this far. It never changes, so that many tests may go on from it. */
export type Given<Machine extends AnyStateMachine> = {
  when(...happenings: readonly Happening<Machine>[]): When<Machine>
}

export type When<Machine extends AnyStateMachine> = {
  /** Throws an `Error` that tells every difference, and all that happened. */
  then(expected: Expectation<Machine>): Given<Machine>
  /** Nothing came of it: nothing was said, asked for or kept, and state, context and what is waited for are as before. */
  thenNothing(): Given<Machine>
}

/**
 * A participant's part of one saga, its history taken in, through the `decide` and `fold` of production: events are deferred and
 * ignored, timers and effects begin and end as they do there. No broker, no store, no clock but `timePasses`. Events carry
 * `sagaId` of this door where they name their saga. Throws for an event that the machine never mentions, and for
 * an answer to what it never asked for.
 */
export function given<Machine extends AnyStateMachine>(
  subject: Subject<Machine>,
  ...history: readonly Happening<NoInfer<Machine>>[]
): Given<Machine> {
  return goingOn(history.reduce(happen, emptyStage(participantOf(subject), sagaId)))
}

function goingOn<Machine extends AnyStateMachine>(before: Stage): Given<Machine> {
  return {
    when(...happenings) {
      const after = happenings.reduce(happen, before)
      return {
        // biome-ignore lint/suspicious/noThenProperty: the words of the trade are given, when, then; awaiting it is refused.
        then(expected) {
          if (typeof expected === 'function') throw new Error('given, when, then: there is nothing to await')
          expectThat(before, after, expected as Expectation)
          return goingOn(after)
        },
        thenNothing() {
          expectNothing(before, after)
          return goingOn(after)
        },
      }
    },
  }
}

function happen(stage: Stage, happening: object): Stage {
  // An event may have fields of any name; what else can happen has no type.
  if ('type' in happening) {
    const event = happening as SpokenEvent
    return hear(stage, envelope(stage, event, `${event.type}-${stage.steps.length + 1}`))
  }
  if ('passes' in happening) return pass(stage, happening as Passing)
  if ('answers' in happening) {
    const { answers, with: output } = happening as Answer
    return settle(stage, answers, { output })
  }
  const { refuses, message, code } = happening as Refusal
  return settle(stage, refuses, new TerminalError(message, { code }))
}

function pass(stage: Stage, { passes }: Passing): Stage {
  const end = stage.now + passes
  let passing = stage
  for (let due = nextDue(passing); due && due.at <= end; due = nextDue(passing))
    passing = take({ ...passing, now: Math.max(passing.now, due.at) }, due.incoming, due.what)
  return { ...passing, now: end }
}
