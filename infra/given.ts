import { httpAnswers } from './http.ts'
import type { Addresses, Missing, Server } from './infrastructure.ts'
import { kafkaAnswers } from './kafka-protocol.ts'
import { Problem } from './problem.ts'
import { mongoAnswers } from './store.ts'
import { waitUntil } from './wait.ts'

const ANSWER_LIMIT_MS = 15_000

/** A part of the infrastructure whose address the environment may give. */
export type Part = (typeof parts)[number]
export const parts = ['kafka', 'registry', 'store', 'jaeger'] as const

const variables = {
  kafka: 'KAFKA_BOOTSTRAP_SERVERS',
  registry: 'SCHEMA_REGISTRY_URL',
  store: 'MONGODB_URI',
  jaeger: 'OTEL_EXPORTER_OTLP_ENDPOINT',
} as const satisfies Record<Part, keyof Addresses>

const titles: Record<Part, string> = {
  kafka: 'Kafka',
  registry: 'schema registry',
  store: 'MongoDB',
  jaeger: 'traces',
}

/** The addresses that the environment gives, as it gives them. */
export function givenAddresses(environment: NodeJS.ProcessEnv): Addresses {
  const names = [...Object.values(variables), 'JAEGER_URL']
  return Object.fromEntries(names.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])))
}

/** The parts that have a given address. */
export function givenParts(given: Addresses): Part[] {
  return parts.filter((part) => given[variables[part]])
}

/** The given addresses as servers, without the secrets that an address may hold. */
export function givenServers(given: Addresses): Server[] {
  return givenParts(given).map((part) => ({
    name: titles[part],
    version: '(given)',
    address: (given[variables[part]] ?? '').replace(/\/\/[^@/]*@/, '//'),
  }))
}

/**
 * Waits until every given address answers, and throws one `Problem` for all that do not. Traces that nobody
 * takes are no reason to stop: they are reported as missing.
 */
export async function checkGiven(
  given: Addresses,
  environment: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<Missing[]> {
  const limits = { limitMs: ANSWER_LIMIT_MS, ...(signal && { signal }) }
  const silent = await Promise.all(
    givenParts(given).map(async (part) => {
      const check = () => answers(part, given[variables[part]] ?? '', environment)
      return waitUntil(check, limits).then(
        () => [],
        (error: Error) => [{ part, reason: error.message }],
      )
    }),
  )
  signal?.throwIfAborted()
  const failures = silent.flat()
  const needed = failures.filter(({ part }) => part !== 'jaeger')
  if (needed.length > 0) throw unanswered(needed)
  return failures.map(({ reason }) => ({
    what: `${variables.jaeger} (${reason})`,
    blocks: 'traces are lost until it answers',
    command: `unset ${variables.jaeger}`,
  }))
}

async function answers(part: Part, address: string, environment: NodeJS.ProcessEnv): Promise<void> {
  switch (part) {
    case 'kafka': {
      const tls = environment.KAFKA_SSL === 'true' || Boolean(environment.KAFKA_SSL_CA_FILE)
      return Promise.any(address.split(',').map((broker) => kafkaAnswers(broker.trim(), { tls }))).catch(
        (error: AggregateError) => Promise.reject(error.errors[0]),
      )
    }
    case 'registry':
      return httpAnswers(`${address.replace(/\/$/, '')}/subjects`, { below: 500 })
    case 'store':
      return mongoAnswers(address)
    case 'jaeger':
      return httpAnswers(address, { below: 500 })
  }
}

function unanswered(failures: readonly { part: Part; reason: string }[]): Problem {
  const names = failures.map(({ part }) => variables[part])
  return new Problem(`${names.join(' and ')} does not answer.`, {
    why: failures.map(({ part, reason }) => `${variables[part]}: ${reason}`).join('\n'),
    fix: `start it, or correct the address in ${names.join(' and ')}`,
    or: `unset ${names.join(' ')}   (Chorus then starts servers of its own)`,
  })
}
