import type { SagaSummary } from './sagas.ts'

/**
 * `GET /progress/{id}`: how far whatever has this id is: a saga, an event, a payment … For those who answer customers: no payload and no data of a
 * machine are in it. No saga at all when nothing is known of the id.
 */
export type ProgressView = {
  /** Those that go on first. */
  readonly sagas: readonly SagaProgress[]
  /** The id stands in more sagas than these. */
  readonly isPartial: boolean
}

export type SagaProgress = SagaSummary & { readonly milestones: readonly MilestoneView[] }

/** A step of the way that a saga is meant to go. */
export type MilestoneView = {
  readonly name: string
  /** `next`: the first that is to come. `open`: it may still come. `closed`: it will not come any more. */
  readonly standing: 'reached' | 'next' | 'open' | 'closed'
  /** When it was reached. */
  readonly at: string | null
}
