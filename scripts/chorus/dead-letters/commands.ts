import { type Command, Option } from 'commander'
import { since } from '../arguments.ts'
import { changeOptions, outputOptions } from '../change.ts'
import { type OutputOptions, output } from '../output.ts'
import type { Session } from '../session.ts'
import { type ChangeLetters, changeLetters, checkChange } from './change.ts'
import { groupLetters, list } from './list.ts'
import type { Selection } from './selection.ts'
import { show } from './show.ts'

type ListOptions = Selection & OutputOptions & { readonly all?: boolean }

/** `chorus dead-letters …` */
export function deadLetterCommands(
  program: Command,
  { terminal, clock, user, participants, on }: Session,
): void {
  const filters = (command: Command): Command =>
    command
      .addOption(new Option('--group <name>', 'of this participant').choices(participants))
      .option('--code <code>', 'with this code, e.g. CHORUS_UNREADABLE')
      .option('--type <type>', 'of this event type')
      .option('--saga <id>', 'of this saga')
      .option('--since <time>', 'since this time, or since so long ago, e.g. 2h', since(clock.now))

  const group = program
    .command('dead-letters')
    .description('what could not be handled, and what becomes of it')

  outputOptions(filters(group.command('list')))
    .description('open letters, the newest last')
    .option('--all', 'resolved ones too')
    .action((options: ListOptions) =>
      on((context) => list(context, options, { terminal, output: output(terminal, options) })),
    )

  outputOptions(group.command('show'))
    .description('everything about one letter')
    .argument('<letter>', 'its id, or the beginning of it')
    .option('--personal', 'personal data too')
    .action((id: string, options: OutputOptions & { readonly personal?: boolean }) =>
      on((context) => show(context, id, { ...options, output: output(terminal, options) })),
    )

  outputOptions(filters(group.command('group')))
    .description('open letters, counted by group, code and type')
    .option('--all', 'resolved ones too')
    .action((options: ListOptions) =>
      on((context) => groupLetters(context, options, { terminal, output: output(terminal, options) })),
    )

  for (const [command, description] of [
    ['redrive', 'has the participant take the record in again, as it was'],
    ['discard', 'goes on without it'],
  ] as const) {
    changeOptions(filters(group.command(command)), user)
      .description(description)
      .argument('[letters...]', 'ids, or the beginnings of them')
      .option('--all', 'every open letter')
      .option('--yes', 'do not ask')
      .action((ids: string[], options: ChangeLetters) => {
        checkChange(ids, options)
        return on((context) =>
          changeLetters(context, ids, command, options, { terminal, output: output(terminal, options) }),
        )
      })
  }
}
