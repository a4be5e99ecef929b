import { randomUUID } from 'node:crypto'
import type { EventContract } from '#contracts'
import { PoisonError } from '#messaging'
import { controlTopic } from '#orchestration'
import { type ChangeOptions, reasonOf } from '../change.ts'
import { Refusal, UsageError } from '../errors.ts'
import type { Output } from '../output.ts'
import type { Session } from '../session.ts'
import type { World } from '../surroundings.ts'
import type { Terminal } from '../terminal.ts'
import { sayAll } from './outcome.ts'
import { partsOf } from './parts.ts'
import { traceOf } from './trace.ts'

/** An event that an operator says about one saga. */
export type Said = {
  readonly contract: EventContract
  readonly sagaId: string
  readonly data: Readonly<Record<string, unknown>>
}

/** The contract of a signal: an event that travels on a control topic. Throws a `UsageError` that lists them for any other. */
export function signalContract({ contracts }: Pick<Session, 'contracts'>, type: string): EventContract {
  const signals = Object.values(contracts.events).filter(({ owner, topic }) => topic === controlTopic(owner))
  const contract = signals.find((event) => event.type === type)
  if (contract) return contract
  const known = signals.map((event) => `${event.type} (${event.owner})`).join(', ') || 'none'
  const fact = contracts.events[type]
    ? `"${type}" is said by ${contracts.events[type].owner} itself, and by nobody else`
    : `There is no event "${type}"`
  throw new UsageError(`${fact}. Signals are: ${known}.`)
}

/** The fields that the command line gives. Throws a `UsageError` for what is no JSON object, or names a field that the contract lacks. */
export function dataIn(text: string | undefined, { type, schema }: EventContract): Record<string, unknown> {
  const data = parsed(text ?? '{}')
  const known = schema.fields.map(({ name }) => name)
  const strange = Object.keys(data).find((name) => !known.includes(name))
  if (strange === undefined) return data
  throw new UsageError(`${type} has no field "${strange}". It has: ${known.join(', ')}.`)
}

function parsed(text: string): Record<string, unknown> {
  try {
    const data: unknown = JSON.parse(text)
    if (typeof data === 'object' && data !== null && !Array.isArray(data)) return { ...data }
  } catch {
    // Told below, with what was expected.
  }
  throw new UsageError(`--data is no JSON object; expected e.g. --data '{"refundId":"r-1"}'.`)
}

/** Says it and tells what comes of it. Resolves with how many failed: 0 or 1. */
export async function say(
  world: World,
  { contract, sagaId, data }: Said,
  options: ChangeOptions,
  { output, terminal }: { readonly output: Output; readonly terminal: Terminal },
): Promise<number> {
  const { type, owner, topic } = contract
  const [part] = await partsOf(world, sagaId, owner)
  if (!part) return 1
  const { infrastructure, clock } = world
  const id = randomUUID()
  const event = {
    id,
    type,
    source: 'operator',
    sagaId,
    time: clock.now(),
    trace: await traceOf(infrastructure, part),
    data: { ...filledIn(contract, sagaId, reasonOf(options)), ...data },
  }
  const message = encoded(world, event)
  if (options.dryRun) {
    const value = {
      saga: sagaId,
      participant: owner,
      result: `would say ${type}`,
      ok: true,
      data: event.data,
    }
    output.result(
      value,
      'would',
      `${sagaId}  ${owner}  would say ${type} on ${topic}: ${JSON.stringify(event.data)}`,
    )
    return 0
  }
  const wished = { participant: owner, sagaId, id, after: part.head.seq, message, what: type }
  return await sayAll(world, [wished], { wait: options.wait, output, terminal })
}

/** What the command line says anyway, and what the contract has a default for. */
function filledIn({ schema }: EventContract, sagaId: string, reason: string): Record<string, unknown> {
  const known: Readonly<Record<string, unknown>> = { orderId: sagaId, reason }
  return Object.fromEntries(
    schema.fields.flatMap(({ name, default: otherwise }) => {
      if (name in known) return [[name, known[name]]]
      return otherwise === undefined ? [] : [[name, otherwise]]
    }),
  )
}

function encoded(
  { infrastructure: { codec } }: World,
  event: Parameters<World['infrastructure']['codec']['encode']>[0],
) {
  try {
    return codec.encode(event)
  } catch (error) {
    if (error instanceof PoisonError)
      throw new Refusal(`${error.message} Fields are given with --data '{…}'.`)
    throw error
  }
}
