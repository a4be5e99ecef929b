import type { PartStatus, SagaSummary } from './sagas.ts'

/** `GET /sagas/{id}` */
export type SagaView = SagaSummary & {
  readonly parts: readonly PartView[]
  readonly timeline: readonly StepView[]
  readonly traceIds: readonly string[]
}

export type PartView = {
  readonly participant: string
  readonly version: string
  readonly state: string | null
  /** The machine's own value, to find the active states in its definition. */
  readonly value: unknown
  readonly status: PartStatus
  readonly startedAt: string
  readonly at: string
  /** Every state that it was in, in order. */
  readonly path: readonly string[]
  readonly waitsFor: {
    readonly events: readonly string[]
    readonly until: string | null
    readonly timer: string | null
  }
  readonly timers: readonly { readonly id: string; readonly name: string; readonly dueAt: string }[]
  readonly effects: readonly {
    readonly id: string
    readonly attempt: number
    readonly startedAt: string
    readonly notBefore: string
    readonly deadlineAt: string | null
    readonly error: string | null
  }[]
  readonly deferred: readonly { readonly id: string; readonly type: string; readonly at: string }[]
  readonly held: readonly {
    readonly row: string
    readonly code: string
    readonly reason: string
    readonly at: string
  }[]
  /** The machine's context, masked. */
  readonly context: unknown
}

/** One step: event in, state and its difference, events out. */
export type StepView = {
  readonly participant: string
  readonly seq: number
  readonly version: string
  readonly at: string
  readonly cause: {
    readonly kind: 'event' | 'timer' | 'answer' | 'retry' | 'unstarted' | 'poison' | 'command'
    readonly id: string
    readonly name: string
    readonly source?: string
    readonly topic?: string
    readonly partition?: number
    readonly offset?: string
    readonly error?: string
    /** Who has asked for it by hand, and why. */
    readonly by?: string
    readonly reason?: string
    /** Of an answer, masked. */
    readonly value?: unknown
  }
  readonly outcome: string
  readonly before: string | null
  readonly after: string | null
  /** What the step changed in the context, masked. */
  readonly changes: readonly { readonly path: string; readonly before: unknown; readonly after: unknown }[]
  readonly emitted: readonly EmittedView[]
  readonly timersStarted: readonly { readonly name: string; readonly dueAt: string }[]
  readonly effectsStarted: readonly { readonly id: string; readonly attempt: number }[]
  readonly traceId: string | null
}

export type EmittedView = {
  readonly id: string
  readonly type: string
  readonly topic: string | null
  readonly subject: string | null
  /** `null` while the registry does not say. */
  readonly schemaVersion: number | null
  readonly schemaId: number | null
  /** Participants that listen to it. */
  readonly to: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  /** Fields that the contract marks as personal are masked. */
  readonly data: unknown
}

/** `GET /sagas/{id}/trace`: spans of the saga's traces from Jaeger's query API, by start. 503 `traces-unavailable` without Jaeger. */
export type TraceView = {
  readonly spans: readonly {
    readonly traceId: string
    readonly spanId: string
    readonly parentId: string | null
    readonly service: string
    readonly name: string
    readonly startedAt: string
    /** From the first span's start, ms. */
    readonly offset: number
    readonly duration: number
    readonly isError: boolean
    readonly attributes: Readonly<Record<string, string>>
  }[]
  /** Where Jaeger shows a trace, with `{traceId}` in it; `null` without a page of its own. */
  readonly link: string | null
}
