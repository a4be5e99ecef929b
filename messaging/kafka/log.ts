import type { LogEntry, logCreator, logLevel } from 'kafkajs'
import type { Logger } from '#observability'
import kafkajs from './kafkajs.ts'

/** Where the Kafka adapter reports to; fields hold what kafkajs knows about the event. */
export type KafkaLog = Pick<Logger, 'error' | 'warn' | 'info'>

/** Logged as faults by kafkajs, but how a group works, how we mean it, or an answer that its caller is told anyway. */
const NORMAL =
  /rebalancing|generation id is not valid|not aware of this member|Limiting retries for the idempotent|^Response /

/** What goes by when brokers start or move about. A crash that does not go by is told through `onFatal`. */
const PASSING =
  /coordinator|loading|does not host this topic|no leader|ECONNREFUSED|ECONNRESET|Connection |Closed connection|Failed to connect|Crash: |Restarting the consumer/

/** A passing fault is reported when it still occurs after this many milliseconds … */
const PATIENCE_MS = 5_000
/** … without having been away for as long as this. */
const RECOVERED_AFTER_MS = 5_000

/** kafkajs' log without what is normal, and without passing faults as long as they may pass. */
export function quietLogCreator(log: KafkaLog, now: () => number = Date.now): logCreator {
  let first = 0
  let latest = Number.NEGATIVE_INFINITY

  function persists(): boolean {
    const at = now()
    if (at - latest > RECOVERED_AFTER_MS) first = at
    latest = at
    return at - first >= PATIENCE_MS
  }

  return () =>
    ({ level, namespace, log: { message, timestamp: _, ...details } }: LogEntry) => {
      const text = `${message} ${details.error ?? ''}`
      if (NORMAL.test(text) || namespace === 'Producer') return
      if (PASSING.test(text) && !persists()) return
      log[severity(level)](`kafka: ${message}`, { namespace, ...details })
    }
}

function severity(level: logLevel): keyof KafkaLog {
  if (level === kafkajs.logLevel.ERROR) return 'error'
  return level === kafkajs.logLevel.WARN ? 'warn' : 'info'
}
