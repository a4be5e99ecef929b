import { mkdirSync } from 'node:fs'
import { contracts } from '#contracts'
import { createLogger } from '#observability'
import { connectInfrastructure, type Environment } from '#orchestration'
import { startGuard } from '../../infra/guard.ts'
import { type ServiceProcess, serviceProcess } from './service-process.ts'
import { type ServiceName, type Shop, type ShopOptions, serviceNames } from './shop.ts'

/** A shop whose services are processes of their own, each of which can die alone. */
export type ShopOfProcesses = Shop & {
  /** Ends one service the hard way, as a power cut would. */
  kill(name: ServiceName): Promise<void>
  /** SIGTERM: the service drains, commits and leaves its group. Resolves when it has ended. */
  terminate(name: ServiceName): Promise<void>
  /** The process id of a service that runs. */
  pid(name: ServiceName): number | undefined
  /** Starts a service that has ended, and waits until it is ready; `more` settings hold for this start alone. */
  restart(name: ServiceName, more?: Environment): Promise<void>
}

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
  const guard = startGuard()
  const settings = {
    ...environment,
    SANDBOX_URL: `http://127.0.0.1:${ports.sandbox}`,
  }
  mkdirSync(logs, { recursive: true })
  const services = new Map<ServiceName, ServiceProcess>(
    names.map((name) => [
      name,
      serviceProcess({ guard, name, id: name, port: ports[name], environment: settings, logs }),
    ]),
  )
  const asked = new Set<ServiceName>()
  let opened = false

  async function start(name: ServiceName, more?: Environment): Promise<void> {
    asked.delete(name)
    const running = await services.get(name)?.start(more)
    void running?.ended.then((how) => {
      if (opened && !asked.has(name)) onDeath?.(name, how)
    })
  }

  async function end(name: ServiceName, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    asked.add(name)
    await services.get(name)?.end(signal)
  }

  async function stop(): Promise<void> {
    // The API first, so that nothing new comes in while the others drain.
    for (const name of names) if (name === 'order') await end(name, 'SIGTERM')
    await Promise.all(names.map((name) => end(name, 'SIGTERM')))
    await guard.stop()
  }

  try {
    await Promise.all(names.map((name) => start(name)))
    opened = true
    const log = createLogger({ service: 'watcher', level: 'silent' })
    const infrastructure = await connectInfrastructure(contracts, { environment: settings, log })
    return {
      addresses: Object.fromEntries([...services].map(([name, { address }]) => [name, address])),
      infrastructure,
      async stop() {
        await infrastructure.close()
        await stop()
      },
      kill: (name) => end(name, 'SIGKILL'),
      terminate: (name) => end(name, 'SIGTERM'),
      restart: start,
      pid: (name) => services.get(name)?.pid(),
    }
  } catch (error) {
    opened = false
    await guard.stop()
    throw error
  }
}

/** The settings that give each service its port. */
export function portSettings(ports: Readonly<Record<ServiceName, number>>): Record<string, string> {
  return Object.fromEntries(serviceNames.map((name) => [`${name.toUpperCase()}_PORT`, String(ports[name])]))
}
