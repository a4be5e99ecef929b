import { type Envelope, PoisonError, type TerminalError } from '#messaging'
import { deadlinePassed, refusal } from '../effects/effect-attempt.ts'
import type { Head, JournalRow, PendingEffect } from '../journal.ts'
import { eventName } from '../machine/event-name.ts'
import { plain } from '../machine/plain.ts'
import type { Participant } from '../participant.ts'
import { fold } from '../step/head.ts'
import { type Decision, decide, type Incoming } from '../step/step.ts'
import type { SpokenEvent } from './happenings.ts'

/** What came of one cause: a row as production stores it, or the word of `decide` when there is none. */
export type Step = { readonly row: JournalRow } | { readonly what: string; readonly decision: Decision }

/** A participant's part of one saga at one moment. Never changed: each step gives a new one. */
export type Stage = {
  readonly part: Participant
  readonly sagaId: string
  /** Milliseconds since the test began. */
  readonly now: number
  readonly head: Head | null
  readonly steps: readonly Step[]
}

/** Something that happens by itself when its time has come. */
export type Due = { readonly at: number; readonly what: string; readonly incoming: Incoming }

export function emptyStage(part: Participant, sagaId: string): Stage {
  return { part, sagaId, now: 0, head: null, steps: [] }
}

/** One step, through the `decide` and `fold` of production. `what` tells it to a reader when it makes no row. */
export function take(stage: Stage, incoming: Incoming, what: string): Stage {
  const { part, sagaId, now, head, steps } = stage
  const context = { sagaId, partition: 0, now, attempt: `attempt-${steps.length + 1}`, trace: {} }
  const decision = decide(part, head, incoming, context)
  return typeof decision === 'string'
    ? { ...stage, steps: [...steps, { what, decision }] }
    : { ...stage, head: fold(head, decision), steps: [...steps, { row: decision }] }
}

/** Takes an event in as a record of its topic. One that the machine refuses holds the saga, as in production. */
export function hear(stage: Stage, event: Envelope): Stage {
  const topic = stage.part.contracts.events[event.type]?.topic ?? ''
  const at = { topic, partition: 0, offset: String(stage.steps.length) }
  try {
    return take(stage, { kind: 'event', event, at }, event.type)
  } catch (error) {
    if (!(error instanceof PoisonError)) throw error
    const record = { ...at, key: stage.sagaId, headers: {}, value: null, bytes: 0 }
    const letter = { id: event.id, code: error.code, reason: error.message, record }
    return take(stage, { kind: 'poison', letter }, event.type)
  }
}

/** The event as its owner would say it. Throws for one that this participant's machine never mentions. */
export function envelope({ part, sagaId, now }: Stage, { type, ...data }: SpokenEvent, id: string): Envelope {
  const contract = part.contracts.events[type]
  if (contract && part.listensTo.has(type))
    return { id, type, source: contract.owner, sagaId, time: now, trace: {}, data }
  const known = [...part.listensTo].sort().join(', ')
  throw new Error(`"${part.name}" does not listen to "${type}", but to ${known}`)
}

/** Answers or refuses the effect that is pending under this id or for this actor. Throws when it was never asked for. */
export function settle(
  stage: Stage,
  actor: string,
  outcome: { readonly output: unknown } | TerminalError,
): Stage {
  const key = keyOf(stage, actor)
  if (!('output' in outcome)) return take(stage, refusal(key, outcome), `${actor} is refused`)
  const value = plain(outcome.output ?? null, `the answer of "${actor}"`)
  return take(stage, { kind: 'answer', key, status: 'done', value }, `${actor} answers`)
}

/** Of an effect that has ended, its last key: whatever answers it now comes too late. */
function keyOf({ part, head, steps }: Stage, actor: string): string {
  const isMeant = ({ id, src }: PendingEffect) => id === actor || src === actor
  const asked = rowsOf(steps).flatMap((row) => row.effects.started)
  const effect = head?.effects.find(isMeant) ?? asked.findLast(isMeant)
  if (effect) return effect.key
  const pending = (head?.effects ?? []).map(({ id }) => `"${id}"`).join(', ') || 'nothing'
  throw new Error(`"${part.name}" never asked for "${actor}"; pending is ${pending}`)
}

/** The first thing that the clock brings: a timer, unless the saga is held, or a deadline. */
export function nextDue({ head }: Stage): Due | undefined {
  const timers = head?.held ? [] : (head?.timers ?? [])
  const dues = [
    ...timers.map(
      ({ key, event, dueAt }): Due => ({
        at: dueAt,
        what: eventName(event),
        incoming: { kind: 'timer', key },
      }),
    ),
    ...(head?.effects ?? []).flatMap(({ id, key, deadlineAt }): Due[] =>
      deadlineAt === undefined
        ? []
        : [{ at: deadlineAt, what: `deadline of ${id}`, incoming: refusal(key, deadlinePassed()) }],
    ),
  ]
  return dues.sort((a, b) => a.at - b.at)[0]
}

/** The rows among the steps. */
export function rowsOf(steps: readonly Step[]): JournalRow[] {
  return steps.flatMap((step) => ('row' in step ? [step.row] : []))
}

/** What is waited for: effects by their ids, timers as `after <delay>`. */
export function pendingOf({ head }: Stage): string[] {
  return [
    ...(head?.effects ?? []).map(({ id }) => id),
    ...(head?.timers ?? []).map(({ event }) => eventName(event)),
  ]
}
