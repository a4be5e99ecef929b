import type { Measured } from '../measure.ts'

/** A load in some lines for the terminal. */
export function loadLines(load: Measured): string[] {
  const { name, ordersPerSecond, latencies, cpuMsPerOrder, processes, refusals, elsewhere } = load
  const { p50, p99, p999 } = latencies
  const cost = processes.map(
    (one) => `${one.name} ${one.cpuMsPerOrder.toFixed(2)} (${(one.rss / 2 ** 20).toFixed(0)} MB)`,
  )
  return [
    `${name}: ${ordersPerSecond.toFixed(1)} orders/s, p50 ${ms(p50)}, p99 ${ms(p99)}, p99.9 ${ms(p999)}` +
      `${refusals > 0 ? `, ${refusals} refused` : ''}`,
    `  ${cpuMsPerOrder.toFixed(2)} CPU-ms per order in participants, broker and store: ${cost.join(', ')}` +
      `; elsewhere on this machine ${(100 * elsewhere).toFixed(0)} % of a core`,
  ]
}

function ms(milliseconds: number): string {
  return `${milliseconds < 100 ? milliseconds.toFixed(1) : milliseconds.toFixed(0)} ms`
}
