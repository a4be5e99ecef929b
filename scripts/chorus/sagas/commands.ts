import { type Command, Option } from 'commander'
import { causeKinds } from '#orchestration'
import type { SagaQuery } from '../../../services/tracker/api.ts'
import { duration, wholeNumber } from '../arguments.ts'
import { outputOptions } from '../change.ts'
import { type OutputOptions, output } from '../output.ts'
import type { Session } from '../session.ts'
import { listSagas } from './list.ts'
import { showSaga } from './show.ts'
import { tailSagas } from './tail.ts'

type ListOptions = OutputOptions &
  Omit<SagaQuery, 'q' | 'limit' | 'cursor' | 'sort' | 'version'> & {
    readonly id?: string
    readonly newest?: boolean
    readonly machine?: string
    readonly limit: number
  }

/** `chorus sagas …`: what the tracker knows. */
export function sagasCommands(program: Command, { terminal, tracker, count }: Session): void {
  const sagas = program.command('sagas').description('every saga, as the tracker sees it, and why it waits')
  const telling = (options: OutputOptions) => ({ terminal, output: output(terminal, options) })

  outputOptions(sagas.command('list'))
    .description('sagas, the oldest that still goes on first')
    .option(
      '--id <id>',
      'with this id in it: of the saga, of a trace, of an event, of whatever its events speak',
    )
    .addOption(
      new Option('--state <state>', 'in this state').choices(['running', 'waiting', 'ended', 'active']),
    )
    .option('--step <participant.state>', 'with a part in this state, e.g. order.paying')
    .option('--ending <state>', 'that ended so, e.g. delivered')
    .addOption(new Option('--cause <cause>', 'that wait for this reason').choices(causeKinds))
    .option('--machine <version>', 'of this version of a machine, e.g. payment@2')
    .option('--older-than <time>', 'that began so long ago, e.g. 10m', duration)
    .option('--overdue', 'that should have gone on by now')
    .option('--newest', 'the newest first')
    .option('--limit <count>', 'so many at most', wholeNumber, 20)
    .action((options: ListOptions) => count(() => listSagas(tracker(), queryOf(options), telling(options))))

  outputOptions(sagas.command('show'))
    .description('one saga: why it waits, where each part stands, and every step')
    .argument('<id>', 'of the saga, or of anything in it')
    .action((id: string, options: OutputOptions) => count(() => showSaga(tracker(), id, telling(options))))

  outputOptions(sagas.command('tail'))
    .description('a line whenever a saga goes on, until Ctrl-C; of one saga, until it has ended')
    .argument('[saga]')
    .action((saga: string | undefined, options: OutputOptions) =>
      count(() => tailSagas(tracker(), saga, telling(options))),
    )
}

/** As the API names what the options say. */
function queryOf({
  id,
  machine,
  newest,
  state,
  step,
  ending,
  cause,
  olderThan,
  overdue,
  limit,
}: ListOptions) {
  return {
    limit,
    ...(id !== undefined && { q: id }),
    ...(machine !== undefined && { version: machine }),
    ...(newest && { sort: 'newest' as const }),
    ...(state && { state }),
    ...(step !== undefined && { step }),
    ...(ending !== undefined && { ending }),
    ...(cause && { cause }),
    ...(olderThan !== undefined && { olderThan }),
    ...(overdue && { overdue }),
  }
}
