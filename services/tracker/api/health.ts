import type { CauseKind, SagaSummary } from './sagas.ts'

/** `GET /overview` */
export type Overview = {
  readonly at: string
  readonly counts: { readonly running: number; readonly waiting: number; readonly ended: number }
  /** How many ended how, by the final state of the first participant. */
  readonly endings: Readonly<Record<string, number>>
  /** The last 60 minutes, oldest first. */
  readonly minutes: readonly {
    readonly minute: string
    readonly started: number
    readonly ended: number
    readonly compensated: number
  }[]
  /** Of sagas that ended in the last hour; `null` without any. */
  readonly duration: { readonly p50: number; readonly p95: number; readonly sagas: number } | null
  readonly overdue: number
  readonly stuck: number
  /** More sagas go on than were looked at for `stuck`, so it may be more. */
  readonly isStuckPartial: boolean
  readonly deadLetters: number
  readonly worstLag: PartitionLagView | null
  /** Why the broker does not say now who is behind: then the lag, and causes that follow from it, are as it said last. */
  readonly brokerError: string | null
  readonly tracker: Rebuild
}

/** How far the tracker has read: it rebuilds its stories beside the old ones and changes over when it has caught up. */
export type Rebuild = {
  readonly state: 'following' | 'rebuilding'
  readonly read: number
  readonly end: number
  readonly since: string
}

/** `GET /stuck`: sagas with a cause that should not be, the oldest first. */
export type Stuck = {
  /** How many of those that go on were looked at: the oldest. `isPartial`: there are more. */
  readonly looked: number
  readonly isPartial: boolean
  readonly groups: readonly {
    readonly cause: CauseKind
    readonly responsible: string
    readonly count: number
    readonly oldest: string
    readonly sagas: readonly SagaSummary[]
  }[]
}

export type PartitionLagView = {
  readonly group: string
  readonly topic: string
  readonly partition: number
  readonly committed: string | null
  readonly end: string
  readonly lag: number
  /** Age of the oldest record that is not committed, as far as it is known. */
  readonly seconds: number | null
}

/** `GET /lag`: as the broker said it at `at`; `error` when it does not answer now. */
export type Lag = {
  readonly at: string | null
  readonly error: string | null
  readonly groups: readonly {
    readonly group: string
    readonly members: number
    readonly lag: number
    readonly partitions: readonly PartitionLagView[]
    /** One point per look, oldest first, an hour at most. */
    readonly history: readonly {
      readonly at: string
      readonly lag: number
      readonly seconds: number | null
    }[]
  }[]
}
