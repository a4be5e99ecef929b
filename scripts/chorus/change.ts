import type { Command } from 'commander'
import { UsageError } from './errors.ts'
import type { OutputOptions } from './output.ts'

/** What every command that changes something takes. */
export type ChangeOptions = OutputOptions & {
  readonly reason?: string
  readonly by: string
  readonly dryRun?: boolean
  readonly wait: boolean
}

export function changeOptions(command: Command, user: string): Command {
  return outputOptions(command)
    .option('--reason <text>', 'why, for the record; only a dry run goes without')
    .option('--by <name>', 'who decides it', user)
    .option('--dry-run', 'only say what would be done')
    .option('--no-wait', 'do not wait until the participant has taken it')
}

export function outputOptions(command: Command): Command {
  return command
    .option('--json', 'one JSON object per line, also on a terminal')
    .option('--plain', 'text, also where a program reads')
}

/** The reason of a real run. */
export function reasonOf({ reason, dryRun }: ChangeOptions): string {
  if (reason?.trim()) return reason.trim()
  if (dryRun) return ''
  throw new UsageError('--reason is missing: it goes into the record beside your name.')
}
