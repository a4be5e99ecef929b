import type { SagaStep } from '../saga-steps.ts'
import type { Story } from './saga-machine.ts'

export type StoryQuery = {
  readonly limit: number
  /** The last one of the page before. */
  readonly after?: { readonly beganAt: number; readonly id: string }
}

/**
 * What the tracker asks of a database. One document per saga is enough, though three participants write to it: all their steps of a saga
 * have the same key, so they lie in one partition of `saga.steps` in one order. Every story is what a beginning of that order
 * tells, `revision` says how long that beginning is, and the longer of two stories holds the shorter. While two trackers
 * overlap in a rebalance, "only over a lower revision" therefore loses nothing.
 *
 * Two stores implement it, and both pass `story-store.conformance.ts`. Every method rejects with a `RetryableError` when the
 * outcome is unknown; repeating the same call is always safe.
 */
export type StoryStore = {
  /** Keeps each step once, under `<participant>/<sagaId>:<seq>`. A step that is there stays as it is. */
  insertSteps(steps: readonly SagaStep[]): Promise<void>
  /** The stories of these sagas; missing ones are absent. Order is not promised. */
  readStories(sagaIds: readonly string[]): Promise<readonly Story[]>
  /**
   * One story per saga at most. A story replaces only one of a lower revision. Rejects with a `RetryableError` when another one was
   * in the way: read again, tell again what is missing, and write that.
   */
  writeStories(stories: readonly Story[]): Promise<void>
  /** Newest first, by `beganAt` and id. */
  listStories(query: StoryQuery): Promise<readonly Story[]>
  /** The steps that the story tells of, as far as they are kept. Order is not promised. */
  stepsOf(story: Story): Promise<readonly SagaStep[]>
  /** Forgets stories that have ended and whose last step was before `before` (epoch ms), with their steps: at most `limit`; returns how many. */
  purge(before: number, limit: number): Promise<number>
}

export function stepId({
  participant,
  sagaId,
  seq,
}: Pick<SagaStep, 'participant' | 'sagaId' | 'seq'>): string {
  return `${participant}/${sagaId}:${seq}`
}

/** The ids of all steps that a story tells of. */
export function stepIds({ sagaId, parts }: Pick<Story, 'sagaId' | 'parts'>): string[] {
  return Object.entries(parts).flatMap(([participant, { seq }]) =>
    Array.from({ length: seq }, (_, i) => stepId({ participant, sagaId, seq: i + 1 })),
  )
}
