import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Part } from './given.ts'
import { httpAnswers } from './http.ts'
import type { Server } from './infrastructure.ts'
import { kafkaAnswers } from './kafka-protocol.ts'
import { onPath } from './path.ts'
import { type PortName, type Ports, portTable } from './ports.ts'
import { Problem } from './problem.ts'
import { registryUrl } from './registry.ts'
import { run } from './run.ts'
import type { ServerPlan } from './server.ts'
import { mongoAnswers } from './store.ts'

const PROBE_LIMIT_MS = 4_000
const PULL_LIMIT_MS = 20 * 60_000
const READY_LIMIT_MS = 180_000
const COMPOSE_FILE = fileURLToPath(new URL('../docker-compose.yml', import.meta.url))

const execute = promisify(execFile)

/** Whether Docker can be used, and one clause that says why or why not. */
export interface DockerProbe {
  readonly answers: boolean
  readonly why: string
}

/** Asks the engine, not the client: the client alone says nothing. */
export async function probeDocker(environment: NodeJS.ProcessEnv): Promise<DockerProbe> {
  if (!onPath('docker', environment)) return { answers: false, why: 'there is no Docker here' }
  const ask = (...args: string[]) => execute('docker', args, { timeout: PROBE_LIMIT_MS, env: environment })
  const engine = await ask('info', '--format', '{{.ServerVersion}}').catch(() => undefined)
  if (!engine?.stdout.trim())
    return { answers: false, why: 'the Docker client is here, but no engine answers' }
  const compose = await ask('compose', 'version', '--short').catch(() => undefined)
  if (!compose)
    return { answers: false, why: 'the Docker engine answers, but `docker compose` is not installed' }
  return { answers: true, why: `Docker ${engine.stdout.trim()} answers` }
}

const services: Record<Part, string> = {
  kafka: 'kafka',
  registry: 'registry',
  store: 'mongodb',
  jaeger: 'jaeger',
}

/** The ports of the host that the containers are published on. */
export function dockerPorts(parts: readonly Part[]): PortName[] {
  const needed: Record<Part, PortName[]> = {
    kafka: ['kafka'],
    registry: ['registry'],
    store: ['mongodb'],
    jaeger: ['jaegerQuery', 'otlpGrpc', 'otlpHttp'],
  }
  return parts.flatMap((part) => needed[part])
}

/** A project of its own for each data folder, so that two clones, or tests, do not share volumes. */
export function projectOf(dataFolder: string): string {
  return `chorus-${createHash('sha256').update(dataFolder).digest('hex').slice(0, 8)}`
}

/**
 * Compose as one server: it stays in the foreground under the guard, so the containers stop when it is stopped.
 */
export function dockerPlan({
  parts,
  ports,
  dataFolder,
}: {
  parts: readonly Part[]
  ports: Ports
  dataFolder: string
}): ServerPlan {
  const variables = Object.entries(portTable).map(([name, { variable }]) => [
    variable,
    String(ports[name as PortName]),
  ])
  const env = { ...process.env, ...Object.fromEntries(variables) }
  const chosen = parts.map((part) => services[part])
  const compose = ['compose', '--project-name', projectOf(dataFolder), '--file', COMPOSE_FILE]
  const readiness: Record<Part, () => Promise<void>> = {
    kafka: () => kafkaAnswers(`127.0.0.1:${ports.kafka}`),
    registry: () => httpAnswers(`${registryUrl(ports.registry)}/subjects`),
    store: () => mongoAnswers(`mongodb://127.0.0.1:${ports.mongodb}`),
    jaeger: () => httpAnswers(`http://127.0.0.1:${ports.jaegerQuery}/api/services`),
  }
  return {
    name: 'docker',
    title: 'Docker Compose',
    version: chosen.join(', '),
    address: '127.0.0.1',
    launch: { command: 'docker', args: [...compose, 'up', '--no-color', '--timeout', '8', ...chosen], env },
    async prepare(log) {
      await refuseHalfVolumes(projectOf(dataFolder))
      await run({
        command: 'docker',
        args: [...compose, 'create', ...chosen],
        env,
        log,
        limitMs: PULL_LIMIT_MS,
      })
    },
    ready: async () => void (await Promise.all(parts.map((part) => readiness[part]()))),
    limitMs: READY_LIMIT_MS,
  }
}

/** The containers as servers of their own. */
export function dockerServers(parts: readonly Part[], ports: Ports): Server[] {
  const servers: Record<Part, Server> = {
    kafka: { name: 'Kafka', version: '(Docker)', address: `127.0.0.1:${ports.kafka}` },
    registry: { name: 'Apicurio', version: '(Docker)', address: registryUrl(ports.registry) },
    store: { name: 'MongoDB', version: '(Docker)', address: `mongodb://127.0.0.1:${ports.mongodb}` },
    jaeger: { name: 'Jaeger', version: '(Docker)', address: `http://127.0.0.1:${ports.jaegerQuery}` },
  }
  return parts.map((part) => servers[part])
}

/** Removes the containers, and with `data` their volumes too. Does nothing where no engine answers. */
export async function removeContainers(dataFolder: string, { data }: { data: boolean }): Promise<void> {
  const { answers } = await probeDocker(process.env)
  if (!answers) return
  const compose = ['compose', '--project-name', projectOf(dataFolder), '--file', COMPOSE_FILE]
  await execute('docker', [...compose, 'down', ...(data ? ['--volumes'] : [])], { timeout: 60_000 })
}

const VOLUMES = 3

async function refuseHalfVolumes(project: string): Promise<void> {
  const args = ['volume', 'ls', '--quiet', '--filter', `label=com.docker.compose.project=${project}`]
  const { stdout } = await execute('docker', args, { timeout: PROBE_LIMIT_MS })
  const volumes = stdout.split('\n').filter((name) => name !== '')
  if (volumes.length === 0 || volumes.length === VOLUMES) return
  throw new Problem('The stored data are only half there.', {
    why: `of the volumes of Kafka, the registry and MongoDB only ${volumes.join(', ')} exist: they would not fit together`,
    fix: 'npm run down -- --data   (wipes all of it together)',
  })
}
