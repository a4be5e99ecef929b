import { barChart } from '../report/chart.ts'
import { figure, table } from '../report/table.ts'
import type { PeersResult } from './result.ts'
import { type FigureName, ratioOf, type Spread, spreadOf, valuesOf } from './spread.ts'

/** A run of peers as Markdown. The same result gives the same text. */
export function markdown(result: PeersResult): string {
  const loads = [...new Set(result.turns.flatMap(({ loads }) => loads.map(({ name }) => name)))]
  return [where(result), `\`${result.command}\``, ...loads.flatMap((load) => section(result, load))].join(
    '\n\n',
  )
}

/** The part of a core that others may take of a machine whose figures count. */
const quiet = 0.1

function where({ at, machine, settings, turns, notRun, calibrationAfter }: PeersResult): string {
  const { cpu, cores, memoryBytes, kernel, node } = machine
  const { pairs, seconds, warmUp, tracker, tracing } = settings
  const disturbed = Math.max(...turns.flatMap(({ loads }) => loads.map(({ elsewhere }) => elsewhere)))
  const { least, most } = spreadOf([...turns.map(({ calibration }) => calibration), calibrationAfter])
  const made = [...new Map(turns.map(({ engine, versions }) => [engine, versions]))].map(
    ([engine, versions]) => `${engine}: ${versions.join(', ')}.`,
  )
  const orders = turns.reduce((sum, turn) => sum + turn.orders, 0)
  const refunded = turns.reduce((sum, turn) => sum + turn.refunded, 0)
  return [
    `${at.slice(0, 10)}, ${cores} cores (${cpu}), ${(memoryBytes / 2 ** 30).toFixed(0)} GB, Linux ${kernel}, Node ${node}.`,
    ...made,
    ...notRun.map(({ name, why }) => `**${name} was not run**: ${why}.`),
    `${pairs === 1 ? 'One turn of each engine' : `${pairs} turns of each engine, A, B, C, A, B, C; medians, with least and most`}. A turn has ${warmUp} s of warm-up and ${seconds} s for each load.`,
    `In Chorus the tracker is ${tracker ? 'on' : 'off'}, and ${tracing ? 'every span is made and sent' : 'no spans are made'}; the peers make none.`,
    `Other programs took ${(100 * disturbed).toFixed(0)} % of a core while they took most; the calibration loop took ${figure(least)} to ${figure(most)} ms.`,
    ...(disturbed > quiet ? ['**That is no quiet machine: these figures show how, not how fast.**'] : []),
    `All ${orders} orders ended as they should, ${refunded} of them refused and refunded, and the companies' ledger agrees.`,
  ].join(' ')
}

function section({ turns }: PeersResult, load: string): string[] {
  const engines = [...new Set(turns.map(({ engine }) => engine))]
  const values = (engine: string, name: FigureName) => valuesOf(turns, engine, load, name)
  const [own = '', ...peers] = engines
  const told = (engine: string, name: FigureName) => range(spreadOf(values(engine, name)))
  const times = (peer: string, name: FigureName) => range(ratioOf(values(own, name), values(peer, name)))
  const names = ['ordersPerSecond', 'p50', 'p99', 'cpuMsPerOrder'] as const
  return [
    `### ${load}`,
    table(
      ['Engine', 'orders/s', 'p50 ms', 'p99 ms', 'CPU-ms per order'],
      engines.map((engine) => [engine, ...names.map((name) => told(engine, name))]),
    ),
    barChart({
      title: `Orders per second, ${load}`,
      unit: 'orders/s',
      bars: engines.map((engine) => ({
        name: engine,
        value: spreadOf(values(engine, 'ordersPerSecond')).median,
      })),
    }),
    ...(peers.length > 0
      ? [
          `${own} as a multiple of each peer, pair by pair. More is better for orders/s, less for the others.`,
          table(
            ['Beside', 'orders/s', 'p50', 'p99', 'CPU-ms per order'],
            peers.map((peer) => [peer, ...names.map((name) => times(peer, name))]),
          ),
        ]
      : []),
    'CPU-ms per order, medians; those in italics run beside and are not in the sum.',
    table(
      ['Engine', 'by process'],
      engines.map((engine) => [engine, byProcess(turns, engine, load)]),
    ),
  ]
}

/** The median, and what it lies between. */
function range({ median, least, most }: Spread): string {
  if (least === most) return figure(median)
  return `${figure(median)} (${figure(least)}–${figure(most)})`
}

function byProcess(turns: PeersResult['turns'], engine: string, load: string): string {
  const shares = turns
    .filter((turn) => turn.engine === engine)
    .flatMap(({ loads }) => loads.filter(({ name }) => name === load))
    .flatMap(({ processes }) => processes)
  return [...Map.groupBy(shares, ({ name }) => name)]
    .map(([name, some]) => {
      const { median } = spreadOf(some.map(({ cpuMsPerOrder }) => cpuMsPerOrder))
      return some[0]?.isCost ? `${name} ${figure(median)}` : `_${name} ${figure(median)}_`
    })
    .join(', ')
}
