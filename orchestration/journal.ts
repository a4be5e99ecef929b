import type { Asker, Headers } from '#messaging'
import type { TraceContext } from '#observability'
import type { Command } from './control.ts'

/** What a saga's part is at one point: an XState snapshot without live objects, JSON through and through. */
export type MachineState = {
  readonly value: unknown
  readonly context: Readonly<Record<string, unknown>>
  readonly status: 'active' | 'done' | 'error' | 'stopped'
  readonly output?: unknown
  readonly error?: unknown
  /** History state id → ids of the states it remembers. */
  readonly history?: Readonly<Record<string, readonly string[]>>
}

/** Why a step was taken. An event that a person has said tells who and why, as a command does. */
export type Cause =
  | (Asker & {
      readonly kind: 'event'
      readonly id: string
      readonly type: string
      readonly source: string
      readonly topic: string
      readonly partition: number
      readonly offset: string
      readonly time: number
      /** Of a command or a signal: it rests in no other journal, while an event rests in that of whoever said it. */
      readonly data?: Readonly<Record<string, unknown>>
    })
  | { readonly kind: 'timer'; readonly id: string; readonly dueAt: number }
  | {
      readonly kind: 'answer'
      readonly id: string
      readonly status: 'done' | 'error'
      readonly value: unknown
    }
  /** An effect's attempt failed and another one is scheduled. */
  | { readonly kind: 'retry'; readonly id: string; readonly error: string }
  /** The limit for a saga that was never started has passed. */
  | { readonly kind: 'unstarted'; readonly id: string }
  /** A record that could not be handled. `id`: the event's, or the record's place where it tells none. */
  | {
      readonly kind: 'poison'
      readonly id: string
      readonly code: string
      readonly reason: string
      readonly topic: string
      readonly partition: number
      readonly offset: string
    }
  /** An operator's command. `by` and `reason` say who asked for it, and why; `error`, why nothing came of it. */
  | {
      readonly kind: 'command'
      readonly id: string
      readonly command: Command
      readonly by: string
      readonly reason: string
      readonly row?: string
      readonly error?: string
    }

/** An event that waits inside the saga until a later state takes it in. */
export type DeferredEvent = Asker & {
  readonly id: string
  readonly type: string
  readonly source: string
  readonly topic: string
  readonly partition: number
  readonly offset: string
  readonly time: number
  readonly data: Readonly<Record<string, unknown>>
  readonly trace: TraceContext
  /** The row that recorded it. */
  readonly seq: number
}

export type EmittedEvent = {
  /** UUIDv5 of journal id and index: the same whoever publishes the row. */
  readonly id: string
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
  /** The context that the event carries, so that a row published again continues the same trace. */
  readonly trace: TraceContext
}

/** A record as it lay in its topic. */
export type StoredRecord = {
  readonly topic: string
  readonly partition: number
  readonly offset: string
  readonly key: string
  readonly headers: Headers
  /** Base64; `null` for none, and for one that is too large to be kept, of which `bytes` tells. */
  readonly value: string | null
  readonly bytes: number
}

/** What could not be handled: it goes to the dead letters when its row is published. */
export type Letter = {
  /** Of the event, or the record's place where it tells none. */
  readonly id: string
  readonly code: string
  readonly reason: string
} & ({ readonly event: DeferredEvent } | { readonly record: StoredRecord })

/**
 * The saga waits for a person: its events are deferred and its timers do not fire, so that its order is kept. What is under way still
 * answers.
 */
export type Hold = {
  /** The journal row that put it on: what a command names to end it. */
  readonly row: string
  readonly seq: number
  /** Id of the letter that cannot be handled; of an operator's pause, of its command. */
  readonly id: string
  readonly code: string
  readonly reason: string
  readonly at: number
}

/** `key` is `<id>@<seq of the row that started it>`: answers and firings of an older generation never match. */
export type PendingTimer = {
  readonly key: string
  readonly id: string
  readonly event: string
  readonly dueAt: number
  readonly trace: TraceContext
}

export type PendingEffect = {
  readonly key: string
  readonly id: string
  readonly src: string
  readonly input: unknown
  /** Journal id + invoke id: the same for every attempt, in every process. */
  readonly idempotencyKey: string
  readonly startedAt: number
  readonly deadlineAt?: number
  /** Attempts that have failed so far. */
  readonly failures: number
  /** The next attempt starts no earlier. */
  readonly notBefore: number
  /** The step that took in the failure of the attempt before. Absent before the second one. */
  readonly attempted?: TraceContext
  readonly trace: TraceContext
}

/** One step of a saga's part: inserted once, never changed. */
export type JournalRow = {
  /** `<sagaId>:<seq>`; the unique id is the lock. */
  readonly _id: string
  readonly sagaId: string
  readonly seq: number
  /** Id of this insert attempt: tells one's own repeated insert from another owner's row. */
  readonly attempt: string
  readonly version: string
  readonly partition: number
  /** Epoch milliseconds. */
  readonly at: number
  readonly cause: Cause
  /** How the cause was taken. */
  readonly outcome: 'applied' | 'deferred' | 'ignored' | 'held'
  /** Ids of the causes that this step took in: the inbox. */
  readonly consumed: readonly string[]
  readonly deferred?: DeferredEvent
  readonly emitted: readonly EmittedEvent[]
  readonly timers: { readonly started: readonly PendingTimer[]; readonly ended: readonly string[] }
  readonly effects: { readonly started: readonly PendingEffect[]; readonly ended: readonly string[] }
  readonly letters?: readonly Letter[]
  /** Ids of deferred events that no state which can still come would take in. */
  readonly dropped?: readonly string[]
  /** The hold that this row puts on the saga. */
  readonly held?: Hold
  /** Rows whose holds this one ends. */
  readonly released?: readonly string[]
  /** `null` while the saga is not started. */
  readonly state: MachineState | null
  readonly trace: TraceContext
}

/** The newest published state of a saga's part: read model, cache and due list. Derived from the journal, never the truth. */
export type Head = {
  readonly _id: string
  /** Every row up to this one is published. */
  readonly seq: number
  readonly version: string
  readonly partition: number
  readonly state: MachineState | null
  readonly seen: readonly string[]
  /** In the order of their arrival. */
  readonly deferred: readonly DeferredEvent[]
  /** Absent when nothing holds it. */
  readonly held?: readonly Hold[]
  /** Ids of letters that hold nothing: these alone may be redriven. Absent when there are none. */
  readonly givenUp?: readonly string[]
  readonly timers: readonly PendingTimer[]
  readonly effects: readonly PendingEffect[]
  /** Epoch milliseconds of the first thing that must happen by itself; `null` when nothing is owed. */
  readonly dueAt: number | null
  readonly startedAt: number
  readonly at: number
}
