/** Milliseconds. */
export type Latencies = {
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

/** Exact percentiles, of every single latency: nothing is put into buckets or left out. All 0 when there are none. */
export function latenciesOf(milliseconds: readonly number[]): Latencies {
  const sorted = Float64Array.from(milliseconds).sort()
  return {
    count: sorted.length,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    p999: percentile(sorted, 0.999),
    max: percentile(sorted, 1),
  }
}

/** The smallest value that at least this part of all values does not exceed (nearest rank). */
export function percentile(sorted: ArrayLike<number>, part: number): number {
  const rank = Math.max(1, Math.ceil(sorted.length * part))
  return sorted[rank - 1] ?? 0
}
