/** `GET /sagas`: `q` is the whole id of anything in a saga: itself, an event, a trace, a payment. `step` is `<participant>.<state>`, `version` is
 * `2` or `payment@2`. Those that go on first, the oldest first, and then those that ended last; unless `sort` says otherwise. */
export type SagaQuery = {
  readonly q?: string
  readonly state?: 'running' | 'waiting' | 'ended' | 'active'
  readonly step?: string
  /** How the saga's first participant ended. */
  readonly ending?: string
  readonly cause?: CauseKind
  readonly version?: string
  /** Only sagas that began longer ago, in ms. */
  readonly olderThan?: number
  readonly overdue?: boolean
  readonly sort?: 'oldest' | 'newest'
  readonly limit?: number
  readonly cursor?: string
}

/** Why a saga does not go on, in the order in which they are looked for. The last two are no reason to worry. */
export type CauseKind =
  | 'dead-letter'
  | 'paused'
  | 'no-consumer'
  | 'lag'
  | 'retry'
  | 'overdue'
  | 'person'
  | 'ignored'
  | 'working'
  | 'waiting'

export type Why = {
  readonly cause: CauseKind
  /** The one plain sentence. */
  readonly sentence: string
  /** The participant that has to act. */
  readonly responsible: string
  readonly since: string
  /** By when it should have gone on by itself. */
  readonly until: string | null
  readonly isStuck: boolean
}

export type SagaSummary = {
  readonly sagaId: string
  readonly state: 'running' | 'waiting' | 'ended'
  /** `null` when it has ended. */
  readonly why: Why | null
  /** The sentence, also of a saga that has ended. */
  readonly sentence: string
  /** The first participant's final state. */
  readonly ending: string | null
  /** It undoes something now. */
  readonly isCompensating: boolean
  /** It undoes something, or has. */
  readonly hasCompensated: boolean
  readonly beganAt: string
  readonly at: string
  readonly dueAt: string | null
  readonly participants: readonly {
    readonly participant: string
    readonly state: string | null
    readonly status: PartStatus
  }[]
}

export type PartStatus = 'unstarted' | 'active' | 'done' | 'error' | 'stopped'

export type SagaList = {
  readonly sagas: readonly SagaSummary[]
  /** Of the whole answer, not of this page; counted up to 10,000. */
  readonly total: number
  /** By cause: more sagas go on than were looked at, so it may be more. */
  readonly isPartial: boolean
  readonly next?: string
}
