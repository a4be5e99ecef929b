import { Command, CommanderError } from 'commander'
import { explain, Problem } from '../../infra/problem.ts'
import { deadLetterCommands } from './dead-letters/commands.ts'
import { Refusal, UsageError } from './errors.ts'
import { sagaCommands } from './saga/commands.ts'
import { session } from './session.ts'
import type { Surroundings } from './surroundings.ts'

const codes = '\nExit code: 0 done · 1 something failed or was refused · 2 the command line is wrong'

/** Runs one command line; resolves with its exit code. */
export async function chorus(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { out, err } = surroundings.terminal
  const program = new Command('./chorus')
    .description('For whoever operates sagas: dead letters, and sagas that wait for a person.')
    .addHelpText('after', codes)
    .exitOverride()
    .configureOutput({ writeOut: (text) => out(text.trimEnd()), writeErr: (text) => err(text.trimEnd()) })
    .showHelpAfterError('(--help says what it takes)')
  const commands = session(surroundings)
  deadLetterCommands(program, commands)
  sagaCommands(program, commands)
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
