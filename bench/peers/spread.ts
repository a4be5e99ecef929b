import { percentile } from '../percentiles.ts'
import type { Turn } from './turn.ts'

/** A figure that was measured several times. */
export type Spread = { readonly median: number; readonly least: number; readonly most: number }

/** Throws when there is nothing to be told. */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error('nothing was measured')
  const sorted = values.toSorted((one, other) => one - other)
  const [lower, upper] = [percentile(sorted, 0.5), sorted[Math.floor(sorted.length / 2)] ?? 0]
  return { median: (lower + upper) / 2, least: sorted[0] ?? 0, most: sorted.at(-1) ?? 0 }
}

/** What is told of a load. */
export const figures = {
  ordersPerSecond: ({ ordersPerSecond }) => ordersPerSecond,
  p50: ({ latencies }) => latencies.p50,
  p99: ({ latencies }) => latencies.p99,
  cpuMsPerOrder: ({ cpuMsPerOrder }) => cpuMsPerOrder,
} as const satisfies Record<string, (load: Turn['loads'][number]) => number>

export type FigureName = keyof typeof figures

/** A figure of an engine in each of its turns, in their order. */
export function valuesOf(turns: readonly Turn[], engine: string, load: string, figure: FigureName): number[] {
  return turns
    .filter((turn) => turn.engine === engine)
    .flatMap(({ loads }) => loads.filter(({ name }) => name === load))
    .map(figures[figure])
}

/** How many times as much one is as the other, in the turns that they took one after the other. */
export function ratioOf(ones: readonly number[], others: readonly number[]): Spread {
  return spreadOf(ones.map((one, pair) => one / (others[pair] ?? Number.NaN)))
}
