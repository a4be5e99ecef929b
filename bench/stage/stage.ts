import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { contracts } from '#contracts'
import { createLogger } from '#observability'
import { connectInfrastructure, type Environment, type Infrastructure } from '#orchestration'
import { startGuard } from '../../infra/guard.ts'
import { type Infrastructure as Servers, startInfrastructure } from '../../infra/index.ts'
import { type PortName, type Ports, portTable } from '../../infra/ports.ts'
import { prepareServers } from '../../scripts/shop/prepare.ts'
import { serviceNames } from '../../scripts/shop/shop.ts'
import { lastingPorts } from '../../test/chaos/ports.ts'
import { type Counters, countedServices, openCounters } from './counters.ts'
import { type Crew, gatherCrew } from './crew.ts'
import { tracesTo } from './traces.ts'

/** Servers and services of the benchmark's own, all of them processes. */
export type Stage = {
  readonly servers: Servers
  readonly crew: Crew
  readonly counters: Counters
  /** What the services stand on, seen from here. */
  readonly infrastructure: Infrastructure
  /** Where spans go, and the process that takes them; null without tracing. */
  readonly traces: { readonly name: string; readonly pid: number } | null
  readonly folder: string
  stop(): Promise<void>
}

export type StageOptions = {
  /** For data and logs. */
  readonly folder: string
  readonly instances: number
  readonly withTracker: boolean
  readonly withTracing: boolean
  readonly signal: AbortSignal
  /** A service has ended, and nobody asked for it. */
  readonly onDeath: (id: string, how: string) => void
}

/** As in production, but for the limit of one customer, who is everybody here, and a log of warnings. */
const settings: Environment = {
  ORDER_RATE_LIMIT: '1000000000',
  MONGODB_DATABASE: 'chorus-bench',
  LOG_LEVEL: 'warn',
}

/** Resolves when the servers answer and hold contracts and topics; the services are not started yet. On failure nothing is left running. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const { folder, instances, withTracker, onDeath } = options
  const undo: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    const freePort = await portSupply(options)
    const ports = serverPorts(freePort)
    const counters = await openCounters(ports.mongodb, freePort)
    undo.push(counters.close)
    const servers = await startServers(options, ports, counters)
    undo.push(servers.stop)
    const guard = startGuard()
    undo.push(guard.stop)
    const logs = join(folder, 'logs')
    mkdirSync(logs, { recursive: true })
    const traces = options.withTracing ? await tracesTo({ servers, guard, logs, port: ports.otlpHttp }) : null
    const environment = {
      ...servers.environment,
      ...settings,
      OTEL_EXPORTER_OTLP_ENDPOINT: traces?.url ?? '',
    }
    await prepareServers(environment)
    const crew = gatherCrew({ guard, environment, logs, instances, withTracker, freePort, onDeath })
    undo.push(crew.stop)
    const log = createLogger({ service: 'bench', level: 'silent' })
    const infrastructure = await connectInfrastructure(contracts, { environment, log })
    undo.push(infrastructure.close)
    return { servers, crew, counters, infrastructure, traces, folder, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const serverNames = Object.keys(portTable) as PortName[]

/** All ports of a run at once: two searches might find the same ones. */
async function portSupply({ instances }: StageOptions): Promise<() => number> {
  const services = serviceNames.length * instances
  const free = await lastingPorts(serverNames.length + countedServices.length + services)
  return () => free.pop() ?? 0
}

function serverPorts(freePort: () => number): Ports {
  return Object.fromEntries(serverNames.map((name) => [name, freePort()])) as Ports
}

async function startServers(
  { folder, withTracing, signal }: StageOptions,
  ports: Ports,
  { listeners }: Counters,
): Promise<Servers> {
  const given = {
    KAFKA_BOOTSTRAP_SERVERS: '',
    SCHEMA_REGISTRY_URL: '',
    MONGODB_URI: '',
    OTEL_EXPORTER_OTLP_ENDPOINT: '',
  }
  return await startInfrastructure({
    mode: 'local',
    parts: ['kafka', 'registry', 'store', ...(withTracing ? (['jaeger'] as const) : [])],
    ports,
    kafkaListeners: listeners,
    dataFolder: join(folder, 'data'),
    environment: { ...process.env, ...given },
    progress: 'lines',
    signal,
  })
}
