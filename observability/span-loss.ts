import { counter } from './instruments.ts'
import type { Logger } from './logger.ts'
import { telemetryNames } from './names.ts'

const MINUTE_MS = 60_000

export type SpanLoss = {
  add(spans: number, reason: string): void
  /** Logs what was not logged yet, and stops. */
  close(): void
}

/** Says that spans are being lost, and why: the first loss at once, then once per minute with the counts since. */
export function createSpanLoss(log: Logger): SpanLoss {
  const lost = new Map<string, number>()
  const total = counter(telemetryNames.metrics.spanLost)
  total.add(0)
  let quiet: NodeJS.Timeout | undefined
  let closed = false

  function report(): void {
    if (lost.size === 0) return
    log.warn('spans lost', { lost: Object.fromEntries(lost) })
    lost.clear()
  }

  function reportOrRest(): void {
    quiet = lost.size > 0 ? setTimeout(reportOrRest, MINUTE_MS).unref() : undefined
    report()
  }

  return {
    add(spans, reason) {
      if (closed) return
      total.add(spans)
      lost.set(reason, (lost.get(reason) ?? 0) + spans)
      if (!quiet) reportOrRest()
    },
    close() {
      closed = true
      clearTimeout(quiet)
      report()
    },
  }
}
