import { type Command, Option } from 'commander'
import { signalContract } from '#orchestration/operations'
import { duration, wholeNumber } from '../arguments.ts'
import { type ChangeOptions, changeOptions, outputOptions, reasonOf } from '../change.ts'
import { asUsage } from '../errors.ts'
import { type OutputOptions, output } from '../output.ts'
import type { Session } from '../session.ts'
import { type ControlOptions, checkControl, control } from './control.ts'
import { dataIn, say } from './say.ts'
import { show } from './show.ts'

const controls = {
  pause: 'holds sagas: their events wait and their timers do not fire, until they are resumed',
  resume: 'ends a pause',
  retry: 'has effects that wait for their next attempt try at once',
} as const

/** `chorus saga …` */
export function sagaCommands(
  program: Command,
  { terminal, user, contracts, participants, on }: Session,
): void {
  const saga = program.command('saga').description('sagas that wait for a person')
  const telling = (options: OutputOptions) => ({ terminal, output: output(terminal, options) })

  outputOptions(saga.command('show'))
    .description('where each part of a saga stands, what holds it, and its last rows')
    .argument('<saga>')
    .action((id: string, options: OutputOptions) => on((context) => show(context, id, telling(options))))

  for (const [command, description] of Object.entries(controls) as [keyof typeof controls, string][]) {
    changeOptions(saga.command(command), user)
      .description(description)
      .argument('[sagas...]')
      .addOption(
        new Option('--participant <name>', 'only its part; otherwise every part that is concerned').choices(
          participants,
        ),
      )
      .option('--state <name>', 'all sagas with a part in this state')
      .option(
        '--older-than <time>',
        'all sagas with a part whose last step is so long ago, e.g. 10m',
        duration,
      )
      .option('--limit <count>', 'so many at most', wholeNumber, 100)
      .option('--yes', 'do not ask')
      .action((ids: string[], options: ControlOptions) => {
        checkControl(ids, options)
        return on((context) => control(context, ids, command, options, telling(options)))
      })
  }

  changeOptions(saga.command('signal'), user)
    .description('says an event of a control topic to a saga')
    .argument('<saga>')
    .argument('<type>', 'e.g. RetryRefund')
    .option('--data <json>', 'its fields; orderId and reason are filled in')
    .action((sagaId: string, type: string, options: ChangeOptions & { readonly data?: string }) => {
      const contract = asUsage(() => signalContract({ contracts }, type))
      const said = { contract, sagaId, data: dataIn(options.data, contract) }
      reasonOf(options)
      return on((context) => say(context, said, options, telling(options)))
    })

  changeOptions(saga.command('cancel'), user)
    .description('wishes an order to be cancelled, as a customer does')
    .argument('<saga>')
    .action((sagaId: string, options: ChangeOptions) => {
      const contract = contracts.events.CancelOrder
      if (!contract) throw new Error('no contract declares CancelOrder')
      reasonOf(options)
      return on((context) => say(context, { contract, sagaId, data: {} }, options, telling(options)))
    })
}
