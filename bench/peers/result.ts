import type { Machine } from '../machine.ts'
import type { Turn, TurnOptions } from './turn.ts'

/** Everything that a run of peers has found out, as it is written to its JSON file. */
export type PeersResult = {
  /** What to type for the same run. */
  readonly command: string
  /** ISO 8601. */
  readonly at: string
  readonly machine: Machine
  readonly settings: TurnOptions & {
    readonly pairs: number
    /** Whether Chorus had its tracker, and made spans. */
    readonly tracker: boolean
    readonly tracing: boolean
  }
  readonly notRun: readonly { readonly name: string; readonly why: string }[]
  /** In the order in which they were taken. */
  readonly turns: readonly Turn[]
  /** Of the calibration loop at the end, in ms. */
  readonly calibrationAfter: number
}
