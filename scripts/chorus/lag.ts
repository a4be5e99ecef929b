import type { Command } from 'commander'
import type { Lag, PartitionLagView } from '../../services/tracker/api.ts'
import { outputOptions } from './change.ts'
import { type OutputOptions, output, type Telling } from './output.ts'
import type { Session } from './session.ts'
import type { Tracker } from './tracker.ts'

/** `chorus lag` */
export function lagCommand(program: Command, { terminal, tracker, count }: Session): void {
  outputOptions(program.command('lag'))
    .description('who is behind: records that a group has not committed yet')
    .option('--all', 'partitions without lag too')
    .action((options: OutputOptions & { readonly all?: boolean }) =>
      count(() => showLag(tracker(), options, { terminal, output: output(terminal, options) })),
    )
}

type Row = PartitionLagView & { readonly members: number }

async function showLag(
  tracker: Tracker,
  { all = false }: { readonly all?: boolean },
  { output, terminal }: Telling,
): Promise<number> {
  const { at, error, groups } = await tracker.get<Lag>('/lag')
  const rows: Row[] = groups
    .flatMap(({ members, partitions }) => partitions.map((partition) => ({ ...partition, members })))
    .filter(({ lag }) => all || lag > 0)
  output.rows(rows, rows, [
    { title: 'group', cell: ({ group }) => group },
    { title: 'members', cell: ({ members }) => (members === 0 ? 'none!' : String(members)) },
    { title: 'topic', cell: ({ topic }) => topic },
    { title: 'partition', cell: ({ partition }) => String(partition) },
    { title: 'committed', cell: ({ committed }) => committed ?? '(none)' },
    { title: 'end', cell: ({ end }) => end },
    { title: 'lag', cell: ({ lag }) => String(lag) },
    { title: 'seconds', cell: ({ seconds }) => String(seconds ?? '') },
  ])
  const behind = groups.reduce((sum, { lag }) => sum + lag, 0)
  const empty = groups.filter(({ members }) => members === 0).map(({ group }) => group)
  terminal.err(`${behind} records behind in ${groups.length} groups, as of ${at ?? 'never'}`)
  if (empty.length > 0) terminal.err(`✗ Nobody is there to read for ${empty.join(', ')}.`)
  if (error !== null) terminal.err(`✗ The broker does not answer now: ${error}`)
  return error === null ? 0 : 1
}
