import type { Command } from 'commander'
import type { Topology } from '../../services/tracker/api.ts'
import { outputOptions } from './change.ts'
import { type OutputOptions, output, type Telling } from './output.ts'
import type { Session } from './session.ts'
import type { Tracker } from './tracker.ts'

/** `chorus topology` */
export function topologyCommand(program: Command, { terminal, tracker, count }: Session): void {
  outputOptions(program.command('topology'))
    .description('who says and hears what, and how often in the last five minutes')
    .action((options: OutputOptions) =>
      count(() => showTopology(tracker(), { terminal, output: output(terminal, options) })),
    )
}

async function showTopology(tracker: Tracker, { output, terminal }: Telling): Promise<number> {
  const { services, topics, edges } = await tracker.get<Topology>('/topology')
  output.rows(edges, edges, [
    { title: 'from', cell: ({ from }) => from },
    { title: 'to', cell: ({ to }) => to },
    { title: 'kind', cell: ({ kind }) => (kind === 'undeclared' ? '✗ undeclared' : kind) },
    {
      title: 'per minute',
      cell: ({ events }) => rate(events.reduce((sum, { perMinute }) => sum + perMinute, 0)),
    },
    { title: 'lag', cell: ({ lag }) => String(lag ?? '') },
    { title: 'events', cell: ({ events }) => events.map(eventText).join(', ') },
  ])
  const strange = edges.filter(({ kind }) => kind === 'undeclared').length
  terminal.err(`${services.length} services, ${topics.length} topics`)
  if (strange > 0) terminal.err(`✗ ${strange} of these ways no contract and no machine declares.`)
  return strange
}

type Event = Topology['edges'][number]['events'][number]

function eventText({ type, perMinute }: Event): string {
  return perMinute > 0 ? `${type} (${rate(perMinute)})` : type
}

const rate = (perMinute: number): string => (perMinute === 0 ? '' : perMinute.toFixed(1))
