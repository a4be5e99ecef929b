import { join } from 'node:path'
import { removeContainers } from './docker.ts'
import { givenServers, type Part } from './given.ts'
import { type Guard, startGuard } from './guard.ts'
import type { Addresses, AskableMode, Infrastructure, Missing, Server } from './infrastructure.ts'
import type { PortName, Ports } from './ports.ts'
import { identify } from './processes.ts'
import { type Progress, runSteps, type Step } from './progress.ts'
import { registryUrl } from './registry.ts'
import { type ServerPlan, startServer } from './server.ts'
import { forgetRunning, type RunningSet, writeRunning } from './state.ts'

/** The options with every default filled in, and the parts that are ours to start. */
export interface Start {
  readonly mode: AskableMode | undefined
  readonly environment: NodeJS.ProcessEnv
  readonly given: Addresses
  readonly parts: readonly Part[]
  readonly ports: Ports
  readonly alsoNeeded: readonly PortName[]
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
    const started = await startAll(plans, guard, start)
    const own = started.map(({ exited: _, ...server }) => server)
    const servers = [...(launching.servers ?? own), ...givenServers(given)]
    const running = { ...record, servers, processes: started.flatMap(identified) }
    writeRunning(dataFolder, { ...running, ...(owner && { owner }) })
    for (const { name, exited } of started) {
      void exited.then((how) => expected || start.onDeath(name, how))
    }
    const keep = async () => {
      expected = true
      writeRunning(dataFolder, running)
      await guard.release()
    }
    return { ...record, servers, stop, keep }
  } catch (error) {
    await stop()
    throw error
  }
}

type Started = Server & { readonly pid: number; readonly exited: Promise<string> }

async function startAll(plans: readonly ServerPlan[], guard: Guard, start: Start): Promise<Started[]> {
  const started: Started[] = []
  const logs = join(start.dataFolder, 'logs')
  const steps = plans.map((plan): Step => {
    const { title: name, version, address } = plan
    return {
      title: `${name} ${version}`,
      async run(report, signal) {
        report('starting')
        const { pid, exited } = await startServer(plan, { guard, logs, signal })
        started.push({ name, version, address, pid, exited })
        return `${name} ${version} on ${address}`
      },
    }
  })
  await runSteps(steps, start.progress, start.signal)
  return started.toSorted((a, b) => a.name.localeCompare(b.name))
}

/** With the identity by which `down` will know it again. */
function identified({ name, pid }: Started): RunningSet['processes'] {
  const process = identify(pid)
  return process ? [{ name, ...process }] : []
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
