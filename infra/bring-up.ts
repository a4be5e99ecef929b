import { join } from 'node:path'
import { removeContainers } from './docker.ts'
import { givenServers, type Part } from './given.ts'
import { type Guard, startGuard } from './guard.ts'
import type {
  Addresses,
  AskableMode,
  Infrastructure,
  Missing,
  Server,
  ServerProcess,
} from './infrastructure.ts'
import type { KafkaListener } from './kafka.ts'
import type { PortName, Ports } from './ports.ts'
import { identify } from './processes.ts'
import { type Progress, runSteps, type Step } from './progress.ts'
import { registryUrl } from './registry.ts'
import type { ServerPlan } from './server.ts'
import { startServerProcess } from './server-process.ts'
import { forgetRunning, type RunningSet, writeRunning } from './state.ts'

/** The options with every default filled in, and the parts that are ours to start. */
export interface Start {
  readonly mode: AskableMode | undefined
  readonly environment: NodeJS.ProcessEnv
  readonly given: Addresses
  readonly parts: readonly Part[]
  readonly ports: Ports
  readonly alsoNeeded: readonly PortName[]
  readonly kafkaListeners: readonly KafkaListener[]
  readonly shortLived: boolean
  readonly onDeath: (name: string, how: string) => void
  readonly dataFolder: string
  readonly cache: string
  readonly progress: Progress
  readonly signal: AbortSignal | undefined
}

/** What to start. `servers` is how to call it when that is not simply what is started. */
export interface Launching {
  readonly mode: 'docker' | 'local'
  readonly why: string
  readonly missing: readonly Missing[]
  readonly plans: readonly ServerPlan[]
  readonly servers?: readonly Server[]
}

/** Starts all servers at once and records them beside their data. When one fails, none is left running. */
export async function bringUp(start: Start, launching: Launching): Promise<Infrastructure> {
  const { dataFolder, given } = start
  const { mode, why, missing, plans } = launching
  const record = { mode, why, missing, environment: { ...addressesOf(start, plans), ...given } }
  const owner = identify(process.pid)
  writeRunning(dataFolder, { ...record, servers: [], processes: [], ...(owner && { owner }) })
  const guard = startGuard()
  let expected = false
  const stop = async () => {
    expected = true
    await guard.stop()
    if (mode === 'docker') await removeContainers(dataFolder, { data: false })
    forgetRunning(dataFolder)
  }
  try {
    const started = await startAll(plans, guard, {
      ...start,
      onDeath: (name, how) => expected || start.onDeath(name, how),
    })
    const own = started.map(told)
    const servers = [...(launching.servers ?? own), ...givenServers(given)]
    const processes = mode === 'local' ? started.map(({ process }) => process) : []
    const running = () => ({ ...record, servers, processes: started.flatMap(identified) })
    writeRunning(dataFolder, { ...running(), ...(owner && { owner }) })
    const keep = async () => {
      expected = true
      writeRunning(dataFolder, running())
      await guard.release()
    }
    return { ...record, servers, processes, stop, keep }
  } catch (error) {
    await stop()
    throw error
  }
}

type Started = Server & { readonly process: ServerProcess }

async function startAll(plans: readonly ServerPlan[], guard: Guard, start: Start): Promise<Started[]> {
  const started: Started[] = []
  const logs = join(start.dataFolder, 'logs')
  const steps = plans.map((plan): Step => {
    const { title: name, version, address } = plan
    return {
      title: `${name} ${version}`,
      async run(report, signal) {
        report('starting')
        const { onDeath } = start
        const process = await startServerProcess(plan, { guard, logs, signal, onDeath })
        started.push({ name, version, address, process })
        return `${name} ${version} on ${address}`
      },
    }
  })
  await runSteps(steps, start.progress, start.signal)
  return started.toSorted((a, b) => a.name.localeCompare(b.name))
}

function told({ process, ...server }: Started): Server {
  const pid = process.pid()
  return { ...server, ...(pid !== undefined && { pid }) }
}

/** With the identity by which `down` will know it again. */
function identified({ name, process }: Started): RunningSet['processes'] {
  const pid = process.pid()
  const identity = pid === undefined ? undefined : identify(pid)
  return identity ? [{ name, ...identity }] : []
}

/** What services are told; nothing for a part that does not run. */
function addressesOf({ parts, ports }: Start, plans: readonly ServerPlan[]): Addresses {
  const docker = plans.some(({ name }) => name === 'docker')
  const runs = (part: Part) => parts.includes(part) && (docker || plans.some(({ name }) => name === part))
  return {
    ...(runs('kafka') && { KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${ports.kafka}` }),
    ...(runs('registry') && { SCHEMA_REGISTRY_URL: registryUrl(ports.registry) }),
    ...(runs('store') && { MONGODB_URI: `mongodb://127.0.0.1:${ports.mongodb}` }),
    ...(runs('jaeger') && {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${ports.otlpHttp}`,
      JAEGER_URL: `http://127.0.0.1:${ports.jaegerQuery}`,
    }),
  }
}
