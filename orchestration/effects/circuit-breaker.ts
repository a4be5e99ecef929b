import { gauge, type Logger, telemetryNames } from '#observability'
import { backoff } from '../backoff.ts'
import type { Clock } from '../clock.ts'

/** What an attempt says of its dependency: nothing, when it was ended before it had its time. */
export type Verdict = 'answered' | 'failed' | 'nothing'

/**
 * Keeps attempts away from an outside system that does not answer. Closed, everything may begin. After too many failures in a row
 * it opens, for longer and longer. Half open, one attempt may begin, the probe: what comes of it closes or opens the breaker.
 */
export type CircuitBreaker = {
  phase(): 'closed' | 'open' | 'half-open'
  /** An attempt begins; what this returns takes its verdict. Not to be called while the breaker is open. */
  begin(): (verdict: Verdict) => void
  stop(): void
}

const { attributes, metrics } = telemetryNames

/** Failures in a row that open it. */
const threshold = 5

/** Milliseconds from opening to the next probe: long enough to spare a system that is down, short enough that its return is noticed. */
const rest = { initial: 500, max: 10_000 }

export function circuitBreaker(options: {
  /** Of the dependency. */
  readonly name: string
  readonly clock: Clock
  readonly log: Logger
  readonly random: () => number
  /** Attempts may begin again. */
  readonly onReady: () => void
}): CircuitBreaker {
  const { name, clock, log, random, onReady } = options
  let phase: ReturnType<CircuitBreaker['phase']> = 'closed'
  let failures = 0
  let openings = 0
  let openedAt = 0
  /** Counts openings and closings. */
  let era = 0
  let cancelProbe = () => {}
  const state = gauge(metrics.dependencyOpen)
  const which = { [attributes.dependencyName]: name }
  state.record(0, which)

  function open(): void {
    const wait = Math.round(backoff(openings, rest, random))
    if (openings === 0) {
      openedAt = clock.now()
      const nextProbe = new Date(openedAt + wait).toISOString()
      log.warn(`"${name}" does not answer: what depends on it waits`, {
        dependency: name,
        failures,
        nextProbe,
      })
    }
    openings++
    era++
    phase = 'open'
    state.record(1, which)
    cancelProbe = clock.schedule(wait, allowProbe)
  }

  function allowProbe(): void {
    phase = 'half-open'
    onReady()
  }

  function close(): void {
    log.info(`"${name}" answers again`, { dependency: name, failures, after: clock.now() - openedAt })
    failures = 0
    openings = 0
    era++
    phase = 'closed'
    state.record(0, which)
    onReady()
  }

  return {
    phase: () => phase,
    begin() {
      const isProbe = phase === 'half-open'
      if (isProbe) phase = 'open'
      const begunIn = era
      return (verdict) => {
        // Of all that was under way when the breaker opened or closed, each would count again.
        if (begunIn !== era) return
        if (verdict === 'failed') {
          failures++
          if (isProbe || failures >= threshold) open()
        } else if (isProbe) {
          if (verdict === 'answered') close()
          else allowProbe()
        } else if (verdict === 'answered') failures = 0
      }
    },
    stop: () => cancelProbe(),
  }
}
