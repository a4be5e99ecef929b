import { Command, CommanderError } from 'commander'
import { Refusal } from '#orchestration/operations'
import { explain, Problem } from '../../infra/problem.ts'
import { deadLetterCommands } from './dead-letters/commands.ts'
import { UsageError } from './errors.ts'
import { lagCommand } from './lag.ts'
import { orderCommands } from './orders/commands.ts'
import { sagaCommands } from './saga/commands.ts'
import { sagasCommands } from './sagas/commands.ts'
import { session } from './session.ts'
import type { Surroundings } from './surroundings.ts'
import { topologyCommand } from './topology.ts'

const codes = '\nExit code: 0 done · 1 something failed or was refused · 2 the command line is wrong'

/** Runs one command line; resolves with its exit code. */
export async function chorus(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { out, err } = surroundings.terminal
  const program = new Command('./chorus')
    .description('For whoever operates sagas: why they wait, and what can be done about it.')
    .addHelpText('after', codes)
    .exitOverride()
    .configureOutput({ writeOut: (text) => out(text.trimEnd()), writeErr: (text) => err(text.trimEnd()) })
    .showHelpAfterError('(--help says what it takes)')
  const commands = session(surroundings)
  sagasCommands(program, commands)
  lagCommand(program, commands)
  topologyCommand(program, commands)
  deadLetterCommands(program, commands)
  sagaCommands(program, commands)
  orderCommands(program, commands)
  try {
    await program.parseAsync(args, { from: 'user' })
    return commands.failed() > 0 ? 1 : 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    err(told(error))
    return error instanceof UsageError ? 2 : 1
  }
}

/** A fault that has a name of ours is told without its stack. */
function told(error: unknown): string {
  if (error instanceof UsageError || error instanceof Refusal) return `✗ ${error.message}`
  if (error instanceof Problem || !(error instanceof Error) || !('code' in error)) return explain(error)
  return `✗ ${error.message}\n  Code: ${error.code}\n  Fix: npm run doctor, then the same command again: nothing is done twice`
}
