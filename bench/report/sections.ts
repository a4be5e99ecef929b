import type { Drain } from '../drain/drain.ts'
import type { Latencies } from '../percentiles.ts'
import type { Soak } from '../soak/soak.ts'
import type { Stored } from '../stored/stored.ts'
import { figure, table } from './table.ts'

/** What a run was asked for beside its loads, each as a section of the page: its paragraphs. */

export function drainSection(drain: Drain): string[] {
  const { orders, seconds, ordersPerSecond, beside, ratio, unreadAtHalf, probes } = drain
  const { count, p50, max } = probes.latencies
  return [
    '### A queue that is worked off',
    `${orders} orders lay in Kafka when the services were started. From the first ending to the last one it took ${figure(seconds)} s: ${figure(ordersPerSecond)} orders/s, **${ratio.toFixed(2)}** times the ${figure(beside.ordersPerSecond)} of "${beside.name}".`,
    `Meanwhile an order a second came in over the API, to the end of the queue: ${count} were accepted and ${probes.refusals} turned away; they took ${figure(p50)} ms (p50), ${figure(max)} ms at most. When half of the queue had ended, these records were still to be read:`,
    table(
      ['Service', 'Records'],
      Object.entries(unreadAtHalf).map(([service, records]) => [service, String(records)]),
    ),
  ]
}

export function soakSection({ load, firstTenth, lastTenth, memory }: Soak): string[] {
  const row = (name: string, { count, p50, p99, p999 }: Latencies) => [
    name,
    String(count),
    ...[p50, p99, p999].map(figure),
  ]
  return [
    '### A load that lasts',
    `${figure(load.seconds / 60)} minutes at ${load.name}.`,
    table(
      ['Orders of', 'orders', 'p50 ms', 'p99 ms', 'p99.9 ms'],
      [row('all', load.latencies), row('the first tenth', firstTenth), row('the last tenth', lastTenth)],
    ),
    'Memory, resident, in MB: the ends of a straight line through what was seen every ten seconds, from a sixth of the time on.',
    table(
      ['Process', 'from', 'to', 'growth'],
      memory.map(({ name, isCost, from, to, growth }) => [
        isCost ? name : `_${name}_`,
        ...[from, to].map((bytes) => (bytes / 2 ** 20).toFixed(0)),
        `${(100 * growth).toFixed(1)} %`,
      ]),
    ),
  ]
}

export function storedSection({ before, after, ratios }: Stored): string[] {
  const row = (name: string, values: readonly [number, number], ratio: number) => [
    name,
    ...values.map(figure),
    ratio.toFixed(2),
  ]
  const compared = (name: string, values: readonly [number, number]) =>
    row(name, values, values[1] / values[0])
  const cpuOf = ({ load }: Stored['before'], process: string) =>
    load.processes.find(({ name }) => name === process)?.cpuMsPerOrder ?? 0
  const [few, many] = [before.load, after.load]
  return [
    '### An order among many',
    `"${few.name}" on services that had just been started and were warm, with ${before.orders} orders in the store, and with ${after.orders}.`,
    table(
      ['', `${before.orders} stored`, `${after.orders} stored`, 'ratio'],
      [
        compared('orders/s', [few.ordersPerSecond, many.ordersPerSecond]),
        compared('p50, ms', [few.latencies.p50, many.latencies.p50]),
        compared('p99, ms', [few.latencies.p99, many.latencies.p99]),
        row('**CPU-ms per order**', [few.cpuMsPerOrder, many.cpuMsPerOrder], ratios.sum),
        ...Object.entries(ratios.processes).map(([name, ratio]) =>
          row(`CPU-ms in ${name}`, [cpuOf(before, name), cpuOf(after, name)], ratio),
        ),
      ],
    ),
  ]
}
