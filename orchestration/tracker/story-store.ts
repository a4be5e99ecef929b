import type { SagaStep } from '../saga-steps.ts'
import type { Tally } from './catalogue.ts'
import type { Story } from './saga-machine.ts'
import type { Page, StoryQuery } from './story-fields.ts'

/** A story that goes on: what it was told from, and the steps that are told with it. */
export type Telling = {
  readonly story: Story
  /** The revision that it goes on from; 0 for a new one. */
  readonly from: number
  readonly steps: readonly SagaStep[]
}

/**
 * What the tracker asks of a database. One document per saga is enough, though three participants write to it: all their steps of a saga
 * have the same key, so they lie in one partition of `saga.steps` in one order. Every story is what a beginning of that order
 * tells, `revision` says how long that beginning is, and a story is written only over the one that it was told from. While two
 * trackers overlap in a rebalance, whoever loses therefore loses nothing: it reads, and tells on.
 *
 * Two stores implement it, and both pass `story-store.conformance.ts`. Every method rejects with a `RetryableError` when the
 * outcome is unknown; repeating the same call is always safe.
 */
export type StoryStore = {
  /**
   * One telling per saga at most; its steps are kept with it. Rejects with a `RetryableError` when another story was in the way of
   * one, and writes the others: read again, tell again what is missing, and write that.
   */
  write(tellings: readonly Telling[]): Promise<void>
  /** The stories of these sagas; missing ones are absent. Order is not promised. */
  read(sagaIds: readonly string[]): Promise<readonly Story[]>
  /** Of all that go on, and of at least the 250,000 that ended last; by id, of all. The same holds for counts. */
  list(query: StoryQuery, page: Page): Promise<readonly Story[]>
  /** How many there are, counted up to `most`. */
  count(query: StoryQuery, most: number): Promise<number>
  tally(): Promise<Tally>
  /** All steps that the story of this saga tells of. Order is not promised. */
  stepsOf(sagaId: string): Promise<readonly SagaStep[]>
  /** Forgets stories that have ended and whose last step was before `before` (epoch ms), with their steps: at most `limit`, the oldest first; returns how many. */
  purge(before: number, limit: number): Promise<number>
}
