import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { signalGroup } from '../infra/processes.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const JEST = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  fileURLToPath(import.meta.resolve('jest/bin/jest')),
]

/** How many tests, or checks, went well and how many did not. */
export interface Outcome {
  readonly passed: number
  readonly failed: number
}

/** Prints what is done and, at its end, whether it went well and how long it took. */
export async function timed(title: string, work: () => Promise<Outcome>): Promise<Outcome> {
  const began = performance.now()
  const outcome = await work()
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(`${outcome.failed === 0 ? '✓' : '✗'} ${title} (${seconds} s)`)
  return outcome
}

/** Runs one of the project's tools; it counts as one, and tells its own findings. */
export async function runCheck(tool: string, args: readonly string[], signal: AbortSignal): Promise<Outcome> {
  const code = await run(join(ROOT, 'node_modules', '.bin', tool), args, process.env, signal)
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/** The test files that Jest would run with these arguments. */
export function testFiles(args: readonly string[]): string[] {
  const listed = spawnSync(process.execPath, [...JEST, '--listTests', '--passWithNoTests', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  return listed.stdout.split('\n').filter((line) => line !== '')
}

/** Runs Jest and counts its tests. A file that cannot be run, and a skipped test, count as failed. */
export async function runJest(
  args: readonly string[],
  { report, env, signal }: { report: string; env: NodeJS.ProcessEnv; signal: AbortSignal },
): Promise<Outcome> {
  const code = await run(process.execPath, [...JEST, '--json', '--outputFile', report, ...args], env, signal)
  if (!existsSync(report)) return { passed: 0, failed: 1 }
  const result: JestResult = JSON.parse(readFileSync(report, 'utf8'))
  const failed =
    result.numFailedTests + result.numRuntimeErrorTestSuites + result.numPendingTests + result.numTodoTests
  return { passed: result.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed }
}

interface JestResult {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly numRuntimeErrorTestSuites: number
}

/** What Jest has started ends with it, so it leads a group of its own. */
function run(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<number> {
  if (signal.aborted) return Promise.resolve(1)
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    })
    const stop = () => child.pid && signalGroup(child.pid, 'SIGTERM')
    signal.addEventListener('abort', stop)
    const end = (code: number | null) => {
      signal.removeEventListener('abort', stop)
      resolve(code ?? 1)
    }
    child.once('error', () => end(1))
    child.once('exit', end)
  })
}
