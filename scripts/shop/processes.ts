import { mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { contracts } from '#contracts'
import { createLogger } from '#observability'
import { connectInfrastructure } from '#orchestration'
import { type GuardedProcess, startGuard } from '../../infra/guard.ts'
import { Problem } from '../../infra/problem.ts'
import { waitUntil } from '../../infra/wait.ts'
import { type ServiceName, type Shop, type ShopOptions, serviceNames } from './shop.ts'

/** A shop whose services are processes of their own, each of which can die alone. */
export type ShopOfProcesses = Shop & {
  /** Ends one service the hard way, as a power cut would. */
  kill(name: ServiceName): Promise<void>
  /** SIGTERM: the service drains, commits and leaves its group. Resolves when it has ended. */
  terminate(name: ServiceName): Promise<void>
  /** The process id of a service that runs. */
  pid(name: ServiceName): number | undefined
  /** Starts a service that has ended, and waits until it is ready. */
  restart(name: ServiceName): Promise<void>
}

const root = join(import.meta.dirname, '../..')
const readyLimit = 60_000

export type ProcessOptions = ShopOptions & {
  /** Folder of the services' output, a file each. */
  readonly logs: string
  readonly ports: Readonly<Record<ServiceName, number>>
  /** A service that was ready has ended, and nobody here asked for it. */
  readonly onDeath?: (name: ServiceName, how: string) => void
}

/** Starts each service as a process and resolves when all of them are ready. On failure nothing is left running. */
export async function startProcesses(options: ProcessOptions): Promise<ShopOfProcesses> {
  const { environment, ports, logs, onDeath, withTracker = true } = options
  const names = serviceNames.filter((name) => withTracker || name !== 'tracker')
  const addresses = Object.fromEntries(
    names.map((name) => [name, `http://127.0.0.1:${ports[name]}`]),
  ) as Record<ServiceName, string>
  const settings = { ...environment, SANDBOX_URL: addresses.sandbox, ...portSettings(ports) }
  const guard = startGuard()
  const log = createLogger({ service: 'watcher', level: 'silent' })
  const running = new Map<ServiceName, GuardedProcess>()
  let started = 0
  let opened = false
  mkdirSync(logs, { recursive: true })

  async function start(name: ServiceName): Promise<void> {
    const output = join(logs, `${name}.log`)
    const launched = await guard.start({
      name: `${name}#${started++}`,
      command: process.execPath,
      args: ['--import', './observability/register.mjs', `services/${name}/main.ts`],
      cwd: root,
      env: {
        ...process.env,
        ...settings,
        OTEL_SERVICE_NAME: name,
        KAFKA_CLIENT_ID: `${name}-${process.pid}-${started}`,
      },
      log: output,
    })
    running.set(name, launched)
    let ended: string | undefined
    let wasReady = false
    void launched.exited.then((how) => {
      ended = how
      if (running.get(name) !== launched) return
      running.delete(name)
      if (opened && wasReady) onDeath?.(name, how)
    })
    await waitUntil(() => ready(addresses[name], () => ended), { limitMs: readyLimit }).catch(
      async (error) => {
        await end(name, 'SIGKILL')
        throw new Problem(`The ${name} service did not get ready.`, {
          why: `${(error as Error).message}\n${await tail(output)}`,
          fix: `look at ${output}`,
          cause: error,
        })
      },
    )
    wasReady = true
  }

  async function end(name: ServiceName, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { pid, exited } = running.get(name) ?? {}
    if (pid === undefined) return
    running.delete(name)
    process.kill(pid, signal)
    await exited
  }

  async function stop(): Promise<void> {
    // The API first, so that nothing new comes in while the others drain.
    for (const name of names) if (name === 'order') await end(name, 'SIGTERM')
    await Promise.all(names.map((name) => end(name, 'SIGTERM')))
    await guard.stop()
  }

  try {
    await Promise.all(names.map(start))
    opened = true
    const infrastructure = await connectInfrastructure(contracts, { environment: settings, log })
    return {
      addresses,
      infrastructure,
      async stop() {
        await infrastructure.close()
        await stop()
      },
      kill: (name) => end(name, 'SIGKILL'),
      terminate: (name) => end(name, 'SIGTERM'),
      restart: start,
      pid: (name) => running.get(name)?.pid,
    }
  } catch (error) {
    await guard.stop()
    throw error
  }
}

/** The settings that give each service its port. */
export function portSettings(ports: Readonly<Record<ServiceName, number>>): Record<string, string> {
  return Object.fromEntries(serviceNames.map((name) => [`${name.toUpperCase()}_PORT`, String(ports[name])]))
}

async function ready(address: string, ended: () => string | undefined): Promise<void> {
  const how = ended()
  if (how !== undefined) throw new Error(`it ended: ${how}`)
  const response = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(3_000) })
  if (!response.ok) throw new Error(`${address}/readyz answers ${response.status}: ${await response.text()}`)
}

async function tail(log: string): Promise<string> {
  const text = await readFile(log, 'utf8').catch(() => '')
  return text.trimEnd().split('\n').slice(-20).join('\n')
}
