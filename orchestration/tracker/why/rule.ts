import type { Definitions } from '../definitions.ts'
import type { LagReading } from '../lag/watch-lag.ts'
import type { Story } from '../saga-machine.ts'

/** Causes in the order in which they are looked for. The last two are no reason to worry. */
export const causeKinds = [
  'dead-letter',
  'paused',
  'no-consumer',
  'lag',
  'retry',
  'overdue',
  'person',
  'ignored',
  'working',
  'waiting',
] as const
export type CauseKind = (typeof causeKinds)[number]

/** Times are epoch milliseconds. */
export type Why = {
  readonly cause: CauseKind
  readonly sentence: string
  /** The participant that has to act. */
  readonly responsible: string
  readonly since: number
  /** By when it should have gone on by itself; `null` when nothing says so. */
  readonly until: number | null
  /** It should not be so, and will not pass within moments by itself. */
  readonly isStuck: boolean
}

/** What a saga's story is looked at with. `now`: epoch milliseconds; times of the same UTC day are said without their date. */
export type Viewpoint = {
  readonly definitions: Pick<Definitions, 'of' | 'sayersOf' | 'newest'>
  readonly lag: Pick<LagReading, 'groups'>
  readonly now: number
}

/** Says why, when it knows. Only asked for sagas that have not ended. */
export type Rule = (story: Story, viewpoint: Viewpoint) => Why | undefined
