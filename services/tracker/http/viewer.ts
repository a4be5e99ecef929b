import type { Codec, Contracts } from '#messaging'
import type { Milestone, RunningTracker, Survey, Viewpoint } from '#orchestration'
import type { SchemaVersions } from '../contracts/schema-versions.ts'
import type { Masking } from './masking.ts'

/** What the API shows. It only reads. */
export type Viewer = {
  readonly tracker: Pick<RunningTracker, 'definitions' | 'rates' | 'stories' | 'lag' | 'rebuild'>
  /** Why the sagas that go on do so. */
  readonly survey: () => Promise<Survey>
  /** Dead letters that wait for somebody. */
  readonly openLetters: () => number
  readonly contracts: Contracts
  /** The way that a saga is meant to go. */
  readonly milestones: readonly Milestone[]
  readonly codec: Pick<Codec, 'encode'>
  readonly masking: Masking
  readonly schemaVersion: SchemaVersions
  /** Epoch milliseconds. */
  readonly now: () => number
}

export function viewpointOf({ tracker, now }: Pick<Viewer, 'tracker' | 'now'>): Viewpoint {
  return { definitions: tracker.definitions, lag: tracker.lag(), now: now() }
}

export function iso(at: number): string
export function iso(at: number | null): string | null
export function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
