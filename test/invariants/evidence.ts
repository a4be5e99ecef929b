import type { Head, JournalRow, Story } from '#orchestration'
import type { Scene } from '../../services/cast.ts'
import type { Entry } from '../../services/sandbox/ledger.ts'

export type Name = keyof Scene

/** An order that the API has answered with 202. */
export type AcceptedOrder = {
  readonly orderId: string
  /** Epoch milliseconds, as every time here. */
  readonly acceptedAt: number
  /** Minor units that the customer owes when it is delivered. */
  readonly amount: number
  /** Name of the path that it was meant to take, one of `RunFacts.paths`. */
  readonly path: string
  /** The outcomes that this path may have under the faults of its run: more than one when a fault may turn a good order into a late one. */
  readonly endings: readonly string[]
}

/** A fault that the run planned. `firedAt` is null for one that never came. */
export type Fault = {
  readonly kind: string
  readonly target: string
  readonly firedAt: number | null
}

/** A span, as far as the invariants read it. */
export type SeenSpan = {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly service: string
  readonly sagaId?: string
  /** What the step did with its cause, as the span tells it. */
  readonly outcome?: string
  /** A request that was answered with an error: what it asked for may never have been said. */
  readonly isRefused?: true
}

/** A way that orders take, and the declared outcome in which it ends when no fault hits them. */
export type RunPath = { readonly name: string; readonly ending: string }

/** What whoever made the run knows of it: no server can tell. */
export type RunFacts = {
  readonly orders: readonly AcceptedOrder[]
  /** Every path that the run meant to take: each must have been taken to its ending at least once. */
  readonly paths: readonly RunPath[]
  readonly faults: readonly Fault[]
  /** Processes died: the spans that they had not sent yet are lost with them. */
  readonly withKills: boolean
  /** When the last fault was over; 0 when there was none. */
  readonly calmSince: number
  /** How long an order may take to its ending, from its acceptance or from `calmSince`, whichever is later: deadline + grace, in ms. */
  readonly limitMs: number
  /** All spans of the run; null when nobody collected them. */
  readonly spans: readonly SeenSpan[] | null
  /** What `replayAll` saw; null when nothing was replayed. */
  readonly replay: Replay | null
}

/** A record of a topic. The payload is kept where a row's cause can be found nowhere else. */
export type SeenRecord = {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly key: string | null
  /** `ce_id`, `ce_type` and `ce_source`; empty where the header is missing. Of a step's record, from what it says. */
  readonly id: string
  readonly type: string
  readonly source: string
  /** When the broker stored it. */
  readonly timestamp: number
  readonly traceparent?: string
  /** Of events that no participant has said: commands and signals. */
  readonly data?: Readonly<Record<string, unknown>>
  /** Why the contract cannot read it. */
  readonly unreadable?: string
  /** Of dead letters, and of operators' commands: every header that speaks of them, `dlt_…` and `control_…`. */
  readonly marks?: Readonly<Record<string, string>>
}

export type SeenPartition = {
  readonly topic: string
  readonly partition: number
  /** The next offset to read; null when nothing was committed. */
  readonly committed: number | null
  readonly end: number
  readonly lag: number
}

/** What one participant has stored. Rows by saga, then by `seq`. */
export type Journal = {
  readonly rows: readonly JournalRow[]
  readonly heads: readonly Head[]
}

/** How much there is of everything that a replay must not change. */
export type Footprint = {
  /** `<participant>/<saga>` → rows. */
  readonly rows: Readonly<Record<string, number>>
  /** `<participant>/<saga>` → the head, as a hash. */
  readonly heads: Readonly<Record<string, string>>
  /** Saga → revision of its story. */
  readonly stories: Readonly<Record<string, number>>
  /** Calls that the companies outside have decided. */
  readonly ledgerEntries: number
}

export type Replay = { readonly records: number; readonly before: Footprint; readonly after: Footprint }

/** Everything that the invariants read, as plain JSON. */
export type Evidence = {
  readonly run: RunFacts
  /** By the clock of the services. */
  readonly collectedAt: number
  /** All topics but `saga.definitions`, each partition from its first offset on. */
  readonly records: readonly SeenRecord[]
  readonly journals: Readonly<Record<Name, Journal>>
  /** Consumer group → its partitions. */
  readonly groups: Readonly<Record<string, readonly SeenPartition[]>>
  /** Null when no tracker ran. */
  readonly stories: readonly Story[] | null
  /** What payment provider and carrier have decided, in their order. */
  readonly ledger: readonly Entry[]
}

/** One thing that is wrong, in a sentence that stands for itself. */
export type Violation = { readonly invariant: string; readonly sagaId?: string; readonly says: string }

/** A rule over all of the evidence. Pure: the same evidence gives the same violations. */
export type Check = (evidence: Evidence) => Violation[]
