import type { Codec, OutgoingMessage } from '#messaging'
import type { Logger } from '#observability'
import type { Clock, Store } from '#orchestration'
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
  sendMs: 10_000,
  pollMs: 50,
  heartbeatMs: 15_000,
  watches: 5_000,
  readinessMs: 2_000,
}

/** True, or what is missing, by the name of the check. */
export type Readiness = Readonly<Record<string, true | string>>

/** All that the REST API stands on. It reads the participant's store and never writes to it. */
export type OrderApi = {
  readonly store: Pick<Store, 'readHeads' | 'readRows' | 'listHeads'>
  readonly requests: RequestStore
  readonly codec: Pick<Codec, 'encode'>
  /** Resolves once the message is in Kafka (`acks=all`); rejects with a `RetryableError` when that is unknown. May be called concurrently. */
  send(message: OutgoingMessage): Promise<void>
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
