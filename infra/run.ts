import { spawn } from 'node:child_process'
import { openSync, readFileSync } from 'node:fs'
import { Problem } from './problem.ts'

/** A command that is run to its end, e.g. a download; it is killed when `limitMs` is over. */
export interface Run {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly log: string
  readonly limitMs: number
  readonly signal?: AbortSignal
}

/** Resolves when the command ended well; otherwise throws a `Problem` with the end of its log. */
export function run({ command, args, cwd, env, log, limitMs, signal }: Run): Promise<void> {
  const output = openSync(log, 'a')
  const limit = AbortSignal.timeout(limitMs)
  const stop = signal ? AbortSignal.any([signal, limit]) : limit
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', output, output], signal: stop })
    const fail = (how: string) =>
      reject(
        new Problem(`${[command, ...args].join(' ').slice(0, 120)} failed.`, {
          why: `${how}; the end of ${log}:\n${tail(log)}`,
          fix: 'look at the log and the network, then run it again',
        }),
      )
    child.once('error', (error) =>
      signal?.aborted
        ? reject(signal.reason)
        : fail(limit.aborted ? `it took longer than ${limitMs / 1000} s` : error.message),
    )
    child.once('exit', (code, killedBy) =>
      code === 0 ? resolve() : fail(`it ended with ${killedBy ?? `code ${code}`}`),
    )
  })
}

const TAIL_LINES = 30

/** The last lines of a log. */
export function tail(log: string): string {
  try {
    return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-TAIL_LINES).join('\n')
  } catch {
    return '(no log)'
  }
}
