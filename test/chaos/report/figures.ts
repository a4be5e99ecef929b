import { straight } from '../paths.ts'
import type { RunResult } from '../run.ts'

/** An order that has ended, as its customer felt it. */
export type Ended = { readonly at: number; readonly tookMs: number }

/** Numbers for each second of a run, counted from its first order. */
export type Figures = {
  readonly accepted: readonly number[]
  readonly ended: readonly number[]
  /** Of straight orders that ended within five seconds from there, in ms; `null` where none did. */
  readonly p50: readonly (number | null)[]
  readonly p99: readonly (number | null)[]
  readonly lag: readonly { readonly second: number; readonly lag: number | null }[]
  /** Of straight orders before the first passing fault; `null` when too few ended by then. */
  readonly normal: { readonly p50: number; readonly p99: number; readonly orders: number } | null
  /** Orders that ended per second. */
  readonly goodput: { readonly normal: number | null; readonly underFaults: number; readonly asked: number }
  /** How often each answer came to a customer. */
  readonly answers: Readonly<Record<string, number>>
}

/** Seconds over which latencies are put together. */
export const windowSeconds = 5
/** The first seconds, in which processes get warm, are nothing to compare with. */
const coldSeconds = 8
const fewOrders = 20

export function figuresOf(run: RunResult): Figures {
  const { beganAt, endedAt, calmSince, purchases, ended, lag } = run
  const seconds = Math.ceil((endedAt - beganAt) / 1_000)
  const secondOf = (at: number) => Math.floor((at - beganAt) / 1_000)
  const acceptedAt = purchases.flatMap(({ accepted }) => accepted?.at ?? [])
  const endedAts = purchases.flatMap(({ accepted }) => (accepted && ended.get(accepted.orderId)) ?? [])
  const felt = straightOnes(run)
  const firstFault = Math.min(calmSince, ...passing(run).map(({ at }) => beganAt + at * 1_000))
  const warm = felt.filter(({ at }) => at >= beganAt + coldSeconds * 1_000 && at < firstFault)
  const normal =
    warm.length < fewOrders
      ? null
      : { p50: percentile(warm, 50), p99: percentile(warm, 99), orders: warm.length }
  const rate = (from: number, to: number) =>
    endedAts.filter((at) => at >= from && at < to).length / Math.max(1, (to - from) / 1_000)
  return {
    accepted: histogram(acceptedAt.map(secondOf), seconds),
    ended: histogram(endedAts.map(secondOf), seconds),
    ...latencies(felt, beganAt, seconds),
    lag: lag.map(({ at, lag: records }) => ({ second: (at - beganAt) / 1_000, lag: records })),
    normal,
    goodput: {
      normal: normal && rate(beganAt + coldSeconds * 1_000, firstFault),
      underFaults: rate(firstFault, calmSince),
      asked: run.schedule.rate,
    },
    answers: sumOf(purchases.map((purchase) => purchase.answers)),
  }
}

/** The faults that come and go; the others are there from the first order to the last. */
export function passing({ faults }: Pick<RunResult, 'faults'>): RunResult['faults'] {
  return faults.filter(({ at }) => at > 0)
}

/** The orders on the straight way, from the customer's first try to the order's ending. */
export function straightOnes({ purchases, ended }: Pick<RunResult, 'purchases' | 'ended'>): Ended[] {
  return purchases.flatMap(({ path, askedAt, accepted }) => {
    const at = accepted && ended.get(accepted.orderId)
    return path.name === straight.name && at ? [{ at, tookMs: at - askedAt }] : []
  })
}

/** Nearest rank; of nothing it is 0. */
export function percentile(of: readonly Ended[], percent: number): number {
  const sorted = of.map(({ tookMs }) => tookMs).sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0
}

function latencies(felt: readonly Ended[], beganAt: number, seconds: number): Pick<Figures, 'p50' | 'p99'> {
  const bySecond = Map.groupBy(felt, ({ at }) => Math.floor((at - beganAt) / 1_000))
  const windows = Array.from({ length: seconds }, (_, second) =>
    Array.from({ length: windowSeconds }, (_, later) => bySecond.get(second + later) ?? []).flat(),
  )
  const of = (percent: number) =>
    windows.map((window) => (window.length === 0 ? null : percentile(window, percent)))
  return { p50: of(50), p99: of(99) }
}

function histogram(at: readonly number[], seconds: number): number[] {
  const counts = Array.from({ length: seconds }, () => 0)
  for (const second of at) if (second >= 0 && second < seconds) counts[second] = (counts[second] ?? 0) + 1
  return counts
}

function sumOf(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {}
  for (const counts of all)
    for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count
  return sum
}
