import type { Measured } from '../measure.ts'
import type { BenchResult, RequestsPerOrder } from '../result.ts'
import { type Counts, totalOf } from '../wire/requests.ts'
import { barChart } from './chart.ts'
import { drainSection, soakSection, storedSection } from './sections.ts'
import { figure, table } from './table.ts'

/** A run's figures as Markdown, each with what brought it about. The same result gives the same text. */
export function markdown(result: BenchResult): string {
  const { loads, requests, storedPerOrder, command, soak, drain, stored } = result
  return [
    where(result),
    `\`${command}\``,
    '### Speed',
    'From the moment in which an order was to be placed until its last event was seen in Kafka.',
    speed(loads),
    barChart({
      title: 'Orders per second',
      unit: 'orders/s',
      bars: loads.map(({ name, ordersPerSecond }) => ({ name: shortly(name), value: ordersPerSecond })),
    }),
    barChart({
      title: 'Latency, 99th percentile',
      unit: 'ms',
      bars: loads.map(({ name, latencies }) => ({ name: shortly(name), value: latencies.p99 })),
    }),
    '### What an order costs',
    'CPU-ms per order, user and system. The sum is of participants, broker and store; those in italics run beside it.',
    cpu(loads),
    'Memory, resident, in MB at the end of each load.',
    memory(loads),
    ...(requests ? ['### What an order asks for', ...asked(requests)] : []),
    '### What an order leaves behind',
    `Bytes on disk per order over the whole run: ${figure(storedPerOrder.store)} in the store, its own log among them, and in Kafka, one copy:`,
    table(
      ['Topic', 'Bytes per order'],
      Object.entries(storedPerOrder.topics)
        .filter(([, bytes]) => bytes > 0)
        .map(([topic, bytes]) => [topic, figure(bytes)]),
    ),
    ...(soak ? soakSection(soak) : []),
    ...(drain ? drainSection(drain) : []),
    ...(stored ? storedSection(stored) : []),
  ].join('\n\n')
}

/** The part of a core that others may take of a machine whose figures count. */
const quiet = 0.1

function where({ at, machine, servers, settings, calibration, loads, audit }: BenchResult): string {
  const { cpu: model, cores, memoryBytes, kernel, node } = machine
  const { entry, instances, tracker, traces, warmUpSeconds } = settings
  const disturbed = Math.max(...loads.map(({ elsewhere }) => elsewhere))
  return [
    `${at.slice(0, 10)}, ${cores} cores (${model}), ${(memoryBytes / 2 ** 30).toFixed(0)} GB, Linux ${kernel}, Node ${node}; ${servers.join(', ')}.`,
    `Servers, services and the load generator share these cores; other programs took ${(100 * disturbed).toFixed(0)} % of one of them while they took most.`,
    ...(disturbed > quiet ? ['**That is no quiet machine: these figures show how, not how fast.**'] : []),
    `The calibration loop took ${figure(calibration.before)} ms before and ${figure(calibration.after)} ms after.`,
    `Orders come in over ${entry === 'http' ? 'HTTP' : 'Kafka'}; ${instances} process${instances === 1 ? '' : 'es'} of each participant, the tracker ${tracker ? 'is on' : 'is off'}, ${traces ? `every span goes to ${traces}` : 'tracing is off'}; ${warmUpSeconds} s of warm-up.`,
    `All ${audit.orders} orders ended as they should, and [the invariants](../test/invariants/README.md) hold for the ${audit.checked} that were checked.`,
  ].join(' ')
}

function speed(loads: readonly Measured[]): string {
  const ways = [...new Set(loads.flatMap(({ byWay }) => Object.keys(byWay)))]
  return table(
    [
      'Load',
      'orders/s',
      'p50 ms',
      'p99 ms',
      'p99.9 ms',
      ...ways.map((way) => `p50 of ${way}`),
      'turned away',
    ],
    loads.map(({ name, ordersPerSecond, latencies: { p50, p99, p999 }, byWay, refusals }) => [
      name,
      ...[ordersPerSecond, p50, p99, p999, ...ways.map((way) => byWay[way]?.p50 ?? 0)].map(figure),
      String(refusals),
    ]),
  )
}

function cpu(loads: readonly Measured[]): string {
  const names = loads[0]?.processes ?? []
  return table(
    ['Load', 'sum', ...names.map(({ name, isCost }) => (isCost ? name : `_${name}_`))],
    loads.map(({ name, cpuMsPerOrder, processes }) => [
      name,
      `**${figure(cpuMsPerOrder)}**`,
      ...processes.map((one) => figure(one.cpuMsPerOrder)),
    ]),
  )
}

function memory(loads: readonly Measured[]): string {
  const names = loads[0]?.processes ?? []
  return table(
    ['Load', ...names.map(({ name }) => name)],
    loads.map(({ name, processes }) => [name, ...processes.map(({ rss }) => (rss / 2 ** 20).toFixed(0))]),
  )
}

function asked({ load, orders, services }: RequestsPerOrder): string[] {
  const rows = Object.entries(services).flatMap(([service, { broker, store }]) => [
    counts(`${service} → broker`, broker),
    counts(`${service} → store`, store),
  ])
  const sum = (of: 'broker' | 'store') =>
    Object.entries(services)
      .filter(([service]) => service !== 'tracker')
      .reduce((total, [, counted]) => total + totalOf(counted[of]).requests, 0)
  return [
    `Counted by proxies over ${orders} whole orders at ${load}, in a part of the run that is not timed. Participants: ${figure(sum('broker'))} requests of the broker and ${figure(sum('store'))} of the store per order.`,
    table(['From → to', 'requests', 'documents', 'bytes', 'by kind'], rows),
  ]
}

function counts(title: string, kinds: Counts): string[] {
  const { requests, documents, bytes } = totalOf(kinds)
  const told = Object.entries(kinds)
    .filter(([, count]) => count.requests >= 0.005)
    .sort(([, a], [, b]) => b.requests - a.requests)
    .map(([kind, count]) => `${kind} ${figure(count.requests)}`)
  return [title, figure(requests), documents > 0 ? figure(documents) : '–', figure(bytes), told.join(', ')]
}

/** As it fits under a bar. */
function shortly(name: string): string {
  return name.split(',')[0] ?? name
}
