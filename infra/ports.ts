import { createServer } from 'node:net'
import { holderOf } from './holders.ts'
import { Problem } from './problem.ts'

/** Every port that Chorus may listen on: the variable that sets it, its default, and what uses it. */
export const portTable = {
  kafka: { variable: 'KAFKA_PORT', port: 9092, use: 'Kafka' },
  kafkaController: { variable: 'KAFKA_CONTROLLER_PORT', port: 9093, use: "Kafka's controller" },
  registry: { variable: 'REGISTRY_PORT', port: 8081, use: 'schema registry' },
  registryManagement: { variable: 'REGISTRY_MANAGEMENT_PORT', port: 8082, use: "the registry's health" },
  mongodb: { variable: 'MONGODB_PORT', port: 27017, use: 'MongoDB' },
  jaegerQuery: { variable: 'JAEGER_QUERY_PORT', port: 16686, use: 'Jaeger' },
  jaegerGrpc: { variable: 'JAEGER_GRPC_PORT', port: 16685, use: "Jaeger's gRPC API" },
  otlpGrpc: { variable: 'JAEGER_OTLP_GRPC_PORT', port: 4317, use: 'traces (OTLP over gRPC)' },
  otlpHttp: { variable: 'JAEGER_OTLP_HTTP_PORT', port: 4318, use: 'traces (OTLP over HTTP)' },
  order: { variable: 'ORDER_PORT', port: 3000, use: 'order service' },
  payment: { variable: 'PAYMENT_PORT', port: 3001, use: 'payment service' },
  shipping: { variable: 'SHIPPING_PORT', port: 3002, use: 'shipping service' },
  tracker: { variable: 'TRACKER_PORT', port: 3003, use: 'tracker' },
  sandbox: { variable: 'SANDBOX_PORT', port: 4010, use: 'sandbox' },
} as const

export type PortName = keyof typeof portTable
export type Ports = Readonly<Record<PortName, number>>

const names = Object.keys(portTable) as PortName[]

/** The ports that the environment asks for, the defaults elsewhere; throws a `Problem` for what is no port. */
export function portsFrom(environment: NodeJS.ProcessEnv): Ports {
  return Object.fromEntries(names.map((name) => [name, portFrom(environment, name)])) as Record<
    PortName,
    number
  >
}

function portFrom(environment: NodeJS.ProcessEnv, name: PortName): number {
  const { variable, port } = portTable[name]
  const text = environment[variable]
  if (text === undefined || text === '') return port
  const given = Number(text)
  if (Number.isInteger(given) && given >= 0 && given < 65_536) return given
  throw new Problem(`${variable} is not a port.`, {
    why: `it is "${text}", expected a whole number up to 65535 (0 for any free port)`,
    fix: `${variable}=${port}`,
  })
}

/** Any free port for each: what tests ask for. */
export const anyPorts: Ports = Object.fromEntries(names.map((name) => [name, 0])) as Record<PortName, number>

/** Replaces each 0 by a port that was free a moment ago. */
export async function withFreePorts(ports: Ports): Promise<Ports> {
  const held = await Promise.all(names.map((name) => (ports[name] === 0 ? listen(0) : undefined)))
  const chosen = names.map((name, index) => [name, held[index]?.port ?? ports[name]])
  await Promise.all(held.map((listener) => listener?.close()))
  return Object.fromEntries(chosen) as Record<PortName, number>
}

/** Throws one `Problem` that names every busy port among `needed`, who holds it, and the line that evades it. */
export async function refuseBusyPorts(ports: Ports, needed: readonly PortName[]): Promise<void> {
  const busy: PortName[] = []
  for (const name of needed) if (!(await isFree(ports[name]))) busy.push(name)
  if (busy.length === 0) return
  const found = busy.map((name) => ({ name, port: ports[name], ...holderOf(ports[name]) }))
  const free = await Promise.all(busy.map((name) => freePortNear(ports[name])))
  const pids = [...new Set(found.flatMap(({ pid }) => pid ?? []))]
  throw new Problem(busy.length === 1 ? 'A port is taken.' : `${busy.length} ports are taken.`, {
    why: found
      .map(
        ({ name, port, pid, command }) =>
          `${port} (${portTable[name].use}) is used by ${holder(pid, command)}`,
      )
      .join('\n'),
    fix: `${busy.map((name, index) => `${portTable[name].variable}=${free[index]}`).join(' ')} npm start`,
    ...(pids.length > 0 && { or: `stop what uses them: kill ${pids.join(' ')}` }),
  })
}

function holder(pid: number | undefined, command: string | undefined): string {
  return pid === undefined ? "another user's process" : `pid ${pid} (${command ?? 'unknown'})`
}

async function freePortNear(port: number): Promise<number> {
  for (let candidate = port + 10_000; candidate < 65_536; candidate++)
    if (await isFree(candidate)) return candidate
  return 0
}

async function isFree(port: number): Promise<boolean> {
  const listener = await listen(port).catch(() => undefined)
  await listener?.close()
  return listener !== undefined
}

function listen(port: number): Promise<{ port: number; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port }, () => {
      const address = server.address()
      const close = () => new Promise<void>((done) => server.close(() => done()))
      resolve({ port: typeof address === 'object' && address ? address.port : port, close })
    })
  })
}
