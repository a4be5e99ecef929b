import type { AnyStateMachine, EventFromLogic } from 'xstate'
import type { EffectsOf } from '../participant.ts'
import { type Duration, milliseconds } from './duration.ts'

/** An effect has answered. */
export type Answer<Actor extends string = string, Output = unknown> = {
  readonly answers: Actor
  readonly with: Output
}

/** An effect was refused for good: what a `TerminalError` of its work, or its deadline, becomes. */
export type Refusal<Actor extends string = string> = {
  readonly refuses: Actor
  readonly message: string
  readonly code: string
}

export type Passing = { readonly passes: number }

type OutputOf<Work> = Work extends { run(call: never): Promise<infer Output> } ? Output : never

type AnswerOf<Effects> = {
  [Src in keyof Effects & string]: Answer<Src, OutputOf<Effects[Src]>>
}[keyof Effects & string]

/** What can happen to a participant's part: an event of its machine, an answer or a refusal of one of its effects, time. */
export type Happening<Machine extends AnyStateMachine = AnyStateMachine> =
  | EventFromLogic<Machine>
  | AnswerOf<EffectsOf<Machine>>
  | Refusal<keyof EffectsOf<Machine> & string>
  | Passing

/** An event as a machine sees it: its type beside its payload. */
export type SpokenEvent = { readonly type: string } & Readonly<Record<string, unknown>>

/** The effect that is pending under this invoke id, or for this actor, answers: the machine's `onDone`. */
export function answer<Actor extends string, const Output>(
  actor: Actor,
  output: Output,
): Answer<Actor, Output> {
  return { answers: actor, with: output }
}

/** It is refused, and trying again cannot help: the machine's `onError`, which sees `{ message, code }`. */
export function refusal<Actor extends string>(
  actor: Actor,
  { message = 'refused', code = 'CHORUS_TERMINAL' }: { message?: string; code?: string } = {},
): Refusal<Actor> {
  return { refuses: actor, message, code }
}

/** The clock moves on. Timers and deadlines that fall due on the way fire in their order, each at its own time. */
export function timePasses(duration: Duration): Passing {
  return { passes: milliseconds(duration) }
}

/** From now on nothing of a topic is heard, or everything is again. */
export type Lag = { readonly topic: string; readonly lags: boolean }

/** In a story: who listens to this topic falls behind. What is said on it is heard after `catchUp`, in its order. */
export function lag(topic: string): Lag {
  return { topic, lags: true }
}

export function catchUp(topic: string): Lag {
  return { topic, lags: false }
}
