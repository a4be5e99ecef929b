import type { PlayedFault } from '../director.ts'
import type { RunResult } from '../run.ts'
import type { FaultKind } from '../schedule.ts'
import { type Figures, passing, percentile, straightOnes, windowSeconds } from './figures.ts'

/** How long the shop was slower than usual after a kill. */
export type Recovery = {
  readonly fault: PlayedFault
  /** Seconds that are allowed. */
  readonly limit: number
  /** Seconds until the p99 of ended orders was within twice the normal one, for good; `null` when it cannot be told. */
  readonly seconds: number | null
  /** Why it cannot be told. */
  readonly why?: string
}

/** Seconds, from the kill of a service whose twin goes on, or from when a server is back. */
const limits: Partial<Record<FaultKind, { limit: number; from: 'firedAt' | 'healedAt' }>> = {
  'kill-service': { limit: 15, from: 'firedAt' },
  'kill-broker': { limit: 30, from: 'healedAt' },
  'kill-store': { limit: 30, from: 'healedAt' },
}

const slower = 2

export function recoveriesOf(run: RunResult, { normal }: Pick<Figures, 'normal'>): Recovery[] {
  const felt = straightOnes(run)
  return passing(run).flatMap((fault) => {
    const duty = limits[fault.kind]
    if (!duty || fault.firedAt === null) return []
    const { limit, from } = duty
    const untold = (why: string): Recovery[] => [{ fault, limit, seconds: null, why }]
    const since = fault[from] ?? fault.firedAt
    const until = quietUntil(run, fault)
    if (!normal) return untold('too few orders ended before the first fault')
    if (until - since < limit * 1_000) return untold('another fault came too soon')
    const isSlow = (second: number) => {
      const start = since + second * 1_000
      const end = Math.min(start + windowSeconds * 1_000, until)
      const window = felt.filter(({ at }) => at >= start && at < end)
      return window.length === 0 || percentile(window, 99) > slower * normal.p99
    }
    const seconds = Array.from({ length: Math.floor((until - since) / 1_000) }, (_, second) => second)
    const last = seconds.findLast(isSlow)
    return [{ fault, limit, seconds: last === undefined ? 0 : last + 1 }]
  })
}

/** When the next fault begins, or the last order was asked for; at once, when another one is under way. */
function quietUntil(run: RunResult, fault: PlayedFault): number {
  const began = fault.firedAt ?? 0
  const others = passing(run).filter((other) => other !== fault && other.firedAt !== null)
  const disturbed = others.some(({ firedAt, healedAt }) => (firedAt ?? 0) <= began && (healedAt ?? 0) > began)
  if (disturbed) return began
  const next = others.flatMap(({ firedAt }) => (firedAt !== null && firedAt > began ? [firedAt] : []))
  return Math.min(run.calmSince, ...next)
}
