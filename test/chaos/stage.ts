import { mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { contracts } from '#contracts'
import { createLogger } from '#observability'
import { connectInfrastructure, type Environment } from '#orchestration'
import { type Guard, startGuard } from '../../infra/guard.ts'
import { type Infrastructure as Servers, startInfrastructure } from '../../infra/index.ts'
import { type PortName, type Ports, portTable } from '../../infra/ports.ts'
import { waitUntil } from '../../infra/wait.ts'
import { prepareServers } from '../../scripts/shop/prepare.ts'
import { serviceProcess } from '../../scripts/shop/service-process.ts'
import type { Shop } from '../../scripts/shop/shop.ts'
import { linkId, partnersOf, type Role, roles } from './cast.ts'
import { type Instance, supervised } from './instance.ts'
import { type Link, openLink } from './link.ts'
import { lastingPorts } from './ports.ts'
import { type Releases, releasesIn } from './releases.ts'
import { openTap, type Tap } from './tap.ts'

/** Everything that a run plays on: servers and services of its own, and the network between them. */
export type Stage = {
  readonly servers: Servers
  /** By the id of their role. The spare ones are not up. */
  readonly instances: ReadonlyMap<string, Instance>
  /** By `<role>/<partner>`. */
  readonly links: ReadonlyMap<string, Link>
  /** The shop as seen from outside, past all the links. */
  readonly shop: Shop
  readonly tap: Tap
  readonly releases: Releases
  /** Stops all of it, in order. */
  stop(): Promise<void>
}

export type StageOptions = {
  /** For the servers' data and all logs. */
  readonly folder: string
  readonly settings: Environment
  /** A registry to use instead of one of its own: for runs in which it does not die. */
  readonly registryUrl?: string | undefined
  readonly signal: AbortSignal
  /** Prints nothing. */
  readonly quiet: boolean
}

const readyLimit = 120_000

/** Resolves when every service is ready. On failure nothing is left running. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const { folder, settings, registryUrl, signal } = options
  const undo: (() => Promise<void>)[] = []
  const stop = async () => {
    const failures: unknown[] = []
    for (const step of undo.splice(0).reverse()) await step().catch((error) => failures.push(error))
    if (failures.length > 0) throw failures[0]
  }
  try {
    const ports = await portsOf()
    const registryPort = registryUrl ? Number(new URL(registryUrl).port) : ports.servers.registry
    const links = await openLinks(ports, registryPort)
    undo.push(async () => void (await Promise.all([...links.values()].map((link) => link.close()))))

    const servers = await startServers(options, ports, links)
    undo.push(servers.stop)
    const environment = { ...servers.environment, ...settings, SANDBOX_LEDGER: join(folder, 'sandbox.jsonl') }
    // A registry that has just started may be slow to answer.
    await waitUntil(async () => void (await prepareServers(environment)), { limitMs: readyLimit, signal })

    const guard = startGuard()
    undo.push(guard.stop)
    const instances = troupe({ guard, ports, links, environment, logs: join(folder, 'logs') })
    undo.push(() => leave(instances))
    await enter([...instances.values()].filter(({ spare }) => !spare))

    const log = createLogger({ service: 'chaos', level: 'silent' })
    const infrastructure = await connectInfrastructure(contracts, { environment, log })
    undo.push(infrastructure.close)
    const tap = await openTap(infrastructure.broker)
    undo.push(tap.close)
    const addresses = { order: addressOf(instances, 'order-1'), sandbox: addressOf(instances, 'sandbox') }
    const shop = { addresses, infrastructure, stop }
    return { servers, instances, links, tap, shop, releases: releasesIn(join(folder, 'releases')), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

type StagePorts = {
  readonly servers: Ports
  /** Of each role: where it serves, and where Kafka listens for it alone. */
  readonly own: ReadonlyMap<string, { readonly http: number; readonly kafka: number }>
}

async function portsOf(): Promise<StagePorts> {
  const names = Object.keys(portTable) as PortName[]
  const free = await lastingPorts(names.length + 2 * roles.length)
  const take = () => free.pop() ?? 0
  return {
    servers: Object.fromEntries(names.map((name) => [name, take()])) as Ports,
    own: new Map(roles.map(({ id }) => [id, { http: take(), kafka: take() }])),
  }
}

async function openLinks({ servers, own }: StagePorts, registryPort: number): Promise<Map<string, Link>> {
  const links = new Map<string, Link>()
  for (const role of roles)
    for (const partner of partnersOf(role)) {
      const port = {
        kafka: own.get(role.id)?.kafka,
        registry: registryPort,
        store: servers.mongodb,
        sandbox: own.get('sandbox')?.http,
      }[partner]
      links.set(linkId(role, partner), await openLink({ host: '127.0.0.1', port: port ?? 0 }))
    }
  return links
}

/** Kafka tells each client the address of that client's own link: no connection goes past it. */
async function startServers(
  { folder, registryUrl, signal, quiet }: StageOptions,
  { servers, own }: StagePorts,
  links: ReadonlyMap<string, Link>,
): Promise<Servers> {
  const kafkaListeners = roles.flatMap((role) => {
    const link = links.get(linkId(role, 'kafka'))
    return link ? [{ port: own.get(role.id)?.kafka ?? 0, advertised: link.port }] : []
  })
  const given = {
    KAFKA_BOOTSTRAP_SERVERS: '',
    SCHEMA_REGISTRY_URL: registryUrl ?? '',
    MONGODB_URI: '',
    OTEL_EXPORTER_OTLP_ENDPOINT: '',
  }
  return await startInfrastructure({
    mode: 'local',
    parts: ['kafka', 'registry', 'store'],
    ports: servers,
    kafkaListeners,
    shortLived: true,
    dataFolder: join(folder, 'data'),
    environment: { ...process.env, ...given },
    progress: quiet ? 'silent' : 'lines',
    signal,
  })
}

type TroupeOptions = {
  readonly guard: Guard
  readonly ports: StagePorts
  readonly links: ReadonlyMap<string, Link>
  readonly environment: Environment
  readonly logs: string
}

function troupe({ guard, ports, links, environment, logs }: TroupeOptions): Map<string, Instance> {
  mkdirSync(logs, { recursive: true })
  const through = (address: string | undefined, role: Role, partner: string) => {
    const port = links.get(linkId(role, partner))?.port
    return port === undefined ? address : address?.replace(/(127\.0\.0\.1):\d+/, `$1:${port}`)
  }
  return new Map(
    roles.map((role) => {
      const { id, service: name } = role
      const own = {
        ...environment,
        KAFKA_BOOTSTRAP_SERVERS: through(environment.KAFKA_BOOTSTRAP_SERVERS, role, 'kafka'),
        SCHEMA_REGISTRY_URL: through(environment.SCHEMA_REGISTRY_URL, role, 'registry'),
        // Else the driver would go to the address that the store itself tells, past the link.
        MONGODB_URI: `${through(environment.MONGODB_URI, role, 'store')}/?directConnection=true`,
        SANDBOX_URL: through('http://127.0.0.1:0', role, 'sandbox'),
      }
      const port = ports.own.get(id)?.http ?? 0
      return [id, supervised(role, serviceProcess({ guard, name, id, port, environment: own, logs }))]
    }),
  )
}

/** A few at a time: all at once would wait for each other's share of the machine. */
async function enter(instances: readonly Instance[]): Promise<void> {
  const waiting = [...instances]
  async function next(): Promise<void> {
    for (let instance = waiting.shift(); instance; instance = waiting.shift()) {
      instance.up()
      await instance.whenReady(readyLimit)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, next))
}

async function leave(instances: ReadonlyMap<string, Instance>): Promise<void> {
  await Promise.all([...instances.values()].map((instance) => instance.down('SIGTERM')))
}

function addressOf(instances: ReadonlyMap<string, Instance>, id: string): string {
  return instances.get(id)?.address ?? ''
}
