import type { Codec, OutgoingMessage } from '#messaging'
import type { Logger } from '#observability'
import type { Archive, Clock, Store } from '#orchestration'
import type { RequestStore } from './requests.ts'

export type Limits = {
  /** Largest body in bytes. */
  readonly bodyBytes: number
  /** Per client address; `Infinity` switches the limit off. */
  readonly requestsPerMinute: number
  /** Reverse proxies in front whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: number
  /** Longest `Prefer: wait` in seconds; longer wishes are cut to it. */
  readonly waitSeconds: number
  /** Milliseconds until a command that Kafka has not acknowledged counts as outcome unknown. */
  readonly sendMs: number
  /** Milliseconds for one call to the store. */
  readonly storeMs: number
  /** Requests at work at a time; those that only wait for an order do not count. Beyond it they are refused at once. */
  readonly inFlight: number
  /** Orders that may wait to be taken up or to be paid. Beyond it new ones are refused at once. */
  readonly backlog: number
  /** Milliseconds from one look at the servers and the backlog to the next. */
  readonly lookMs: number
  /** Milliseconds after which a look that has not ended counts as failed. */
  readonly lookLimitMs: number
  /** Milliseconds between two looks at the orders that somebody waits for. */
  readonly pollMs: number
  /** Milliseconds between two heartbeats of an event stream. */
  readonly heartbeatMs: number
  /** Waiting requests and event streams at a time. Beyond it a wait is not honoured and a stream is refused. */
  readonly watches: number
  /** Milliseconds that the readiness checks may take together. */
  readonly readinessMs: number
}

export const defaultLimits: Limits = {
  bodyBytes: 64 * 1024,
  requestsPerMinute: 600,
  trustedProxies: 0,
  waitSeconds: 30,
  sendMs: 5_000,
  storeMs: 5_000,
  inFlight: 1_000,
  backlog: 1_000,
  lookMs: 1_000,
  lookLimitMs: 3_000,
  pollMs: 50,
  heartbeatMs: 15_000,
  watches: 5_000,
  readinessMs: 2_000,
}

/** True, or what is missing, by the name of the check. */
export type Readiness = Readonly<Record<string, true | string>>

/** All that the REST API stands on. It reads the participant's store and never writes to it. */
export type OrderApi = {
  readonly store: Pick<Store, 'readHeads' | 'readRows' | 'listHeads'> & {
    readonly archive: Pick<Archive, 'read'>
  }
  readonly requests: Pick<RequestStore, 'claim' | 'byOrderIds'>
  readonly codec: Pick<Codec, 'encode'>
  /** Resolves once the message is in Kafka (`acks=all`); rejects with a `RetryableError` when that is unknown. May be called concurrently. */
  send(message: OutgoingMessage): Promise<void>
  /** How much waits already. Each rejects, or hangs, when its server is away. */
  readonly backlog: {
    /** Commands in Kafka that the order has not finished with. */
    commands(): Promise<number>
    /** Orders in the store that wait for their payment; need not count past the limit. */
    unpaid(): Promise<number>
  }
  readiness(): Promise<Readiness>
  readonly clock: Clock
  /** A new time-ordered, unguessable id (UUIDv7) for orders and commands. */
  ids(): string
  /** Gets no personal data: ids, codes, statuses and times only. */
  readonly log: Logger
  /** Aborts when the process is about to stop: waits answer at once and event streams end. */
  readonly stopping: AbortSignal
  readonly limits: Limits
}
