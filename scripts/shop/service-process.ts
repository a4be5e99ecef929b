import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment } from '#orchestration'
import type { Guard, GuardedProcess } from '../../infra/guard.ts'
import { Problem } from '../../infra/problem.ts'
import { signalGroup } from '../../infra/processes.ts'
import { waitUntil } from '../../infra/wait.ts'
import { nodeArgs } from './node-args.ts'
import type { ServiceName } from './shop.ts'

/** One instance of a service as a process of its own, which can die alone and come back. */
export type ServiceProcess = {
  /** Base URL of what it serves. */
  readonly address: string
  /** Undefined while it does not run. */
  pid(): number | undefined
  /**
   * Starts it; `more` settings hold for this start alone, and so does the `release`, a folder with sources other than these. Resolves when it is ready, with a promise of how it ends. Throws a `Problem`
   * with the end of its log, and leaves nothing running, when it does not get ready.
   */
  start(more?: Environment, release?: string): Promise<{ readonly ended: Promise<string> }>
  /** The last line of its log that tells of an error; empty when there is none. */
  lastError(): Promise<string>
  /** Resolves when it has ended. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
}

export type ServiceProcessOptions = {
  readonly guard: Guard
  readonly name: ServiceName
  /** Tells it from the other instances of its service. */
  readonly id: string
  readonly port: number
  readonly environment: Environment
  /** Folder of its output, the file `<id>.log`. */
  readonly logs: string
}

const root = join(import.meta.dirname, '../..')
const readyLimit = 60_000

export function serviceProcess({
  guard,
  name,
  id,
  port,
  environment,
  logs,
}: ServiceProcessOptions): ServiceProcess {
  const address = `http://127.0.0.1:${port}`
  const log = join(logs, `${id}.log`)
  let running: GuardedProcess | undefined
  let starts = 0

  async function start(more: Environment = {}, release = root): Promise<{ ended: Promise<string> }> {
    const run = ++starts
    const launched = await guard.start({
      name: `${id}#${run}`,
      command: process.execPath,
      args: [...nodeArgs, '--import', './observability/register.mjs', `services/${name}/main.ts`],
      cwd: release,
      env: {
        ...process.env,
        ...environment,
        ...more,
        [`${name.toUpperCase()}_PORT`]: String(port),
        OTEL_SERVICE_NAME: name,
        KAFKA_CLIENT_ID: `${id}-${process.pid}-${run}`,
      },
      log,
    })
    running = launched
    const gone = new AbortController()
    void launched.exited.then((how) => {
      if (running === launched) running = undefined
      gone.abort(new Error(`it ended: ${how}`))
    })
    await waitUntil(() => ready(address), { limitMs: readyLimit, signal: gone.signal }).catch(
      async (error) => {
        if (running === launched) await end('SIGKILL')
        throw new Problem(`The ${id} service did not get ready.`, {
          why: `${(error as Error).message}\n${await tail(log)}`,
          fix: `look at ${log}`,
          cause: error,
        })
      },
    )
    return { ended: launched.exited }
  }

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (!running) return
    const { pid, exited } = running
    signalGroup(pid, signal)
    await exited
  }

  async function lastError(): Promise<string> {
    const text = await readFile(log, 'utf8').catch(() => '')
    return text.split('\n').findLast((line) => /"level":"(error|fatal)"/.test(line)) ?? ''
  }

  return { address, pid: () => running?.pid, start, end, lastError }
}

async function ready(address: string): Promise<void> {
  const response = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(3_000) })
  if (!response.ok) throw new Error(`${address}/readyz answers ${response.status}: ${await response.text()}`)
}

async function tail(log: string): Promise<string> {
  const text = await readFile(log, 'utf8').catch(() => '')
  return text.trimEnd().split('\n').slice(-20).join('\n')
}
