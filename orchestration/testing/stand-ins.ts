import { type Duration, milliseconds } from './duration.ts'

/** What the work of an effect in a story returns when it does not answer: the effect waits until something else ends it. */
export const silence = Symbol('silence')

/** An answer that takes its time. */
export type Later = { readonly later: number; readonly output: unknown }

/** The answer comes when so much time has passed, unless the effect has ended by then. */
export function later(duration: Duration, output: unknown): Later {
  return { later: milliseconds(duration), output }
}

export function isLater(output: unknown): output is Later {
  return typeof output === 'object' && output !== null && 'later' in output
}

/**
 * The work of an effect in a story: returns the answer, or `later(…)`, or `silence`. A `TerminalError` is a refusal; after any other
 * error it is called again, with the back-off of the effect. `attempt` counts from 1.
 */
// biome-ignore lint/suspicious/noExplicitAny: each effect knows its own input.
export type StandIn = (input: any, attempt: number) => unknown
