import { randomUUID } from 'node:crypto'
import { type EventContract, type OutgoingMessage, PoisonError } from '#messaging'
import type { TraceContext } from '#observability'
import { type Command, type Control, controlMessage, controlTopic } from '../../control.ts'
import { type OperatorContext, Refusal } from '../context.ts'
import type { Asked } from '../outcomes.ts'
import { isConcerned, partsOf, type SagaPart } from './parts.ts'

/** Something to be said to one part of a saga. `what`: the command, or the type of the event. */
export type Wish = Asked & { readonly message: OutgoingMessage; readonly what: string }

/** What an operator may ask of a saga as a whole; letters are redriven and discarded. */
export type SagaCommandName = Exclude<Command, 'redrive' | 'discard'>

const nothing: Readonly<Record<SagaCommandName, string>> = {
  pause: 'all parts of it are finished',
  resume: 'no part of it is held',
  retry: 'no part of it has an effect under way',
}

/**
 * The parts of a saga that the command concerns; whoever names the participant gets that one's own answer, whatever it is. Throws a
 * `Refusal` when nobody knows the saga, or no part is concerned.
 */
export async function concernedParts(
  context: OperatorContext,
  sagaId: string,
  command: SagaCommandName,
  participant?: string,
): Promise<readonly SagaPart[]> {
  const parts = await partsOf(context, sagaId, participant)
  if (participant !== undefined) return parts
  const some = parts.filter((part) => isConcerned(part, command))
  if (some.length > 0) return some
  throw new Refusal(`There is nothing to ${command} in saga ${sagaId}: ${nothing[command]}.`)
}

/** A command to this part, within the trace of its last row. */
export async function commandWish(
  context: OperatorContext,
  part: SagaPart,
  wanted: Omit<Control, 'id' | 'row'>,
): Promise<Wish> {
  const { participant, head } = part
  const id = randomUUID()
  const headers = { ...(await traceOf(context, part)) }
  const message = controlMessage(participant, head._id, { id, ...wanted }, { value: null, headers })
  return { participant, sagaId: head._id, id, after: head.seq, message, what: wanted.command }
}

/** The contract of a signal: an event that travels on a control topic. Throws a `Refusal` that lists them for any other. */
export function signalContract(
  { contracts }: Pick<OperatorContext, 'contracts'>,
  type: string,
): EventContract {
  const signals = Object.values(contracts.events).filter(({ owner, topic }) => topic === controlTopic(owner))
  const contract = signals.find((event) => event.type === type)
  if (contract) return contract
  const known = signals.map((event) => `${event.type} (${event.owner})`).join(', ') || 'none'
  const fact = contracts.events[type]
    ? `"${type}" is said by ${contracts.events[type].owner} itself, and by nobody else`
    : `There is no event "${type}"`
  throw new Refusal(`${fact}. Signals are: ${known}.`)
}

/** An event that an operator says about one saga. */
export type Saying = {
  readonly contract: EventContract
  readonly sagaId: string
  /** Its fields. What the contract has a default for may be left out. */
  readonly data: Readonly<Record<string, unknown>>
  /** What is filled in where the event has such fields and `data` does not say otherwise. */
  readonly known: Readonly<Record<string, unknown>>
  /** Who has it said, and why: the row that takes it in tells them. */
  readonly by: string
  readonly reason: string
}

/**
 * The event to its owner's part of the saga, within the trace of that part's last row. Throws a `Refusal` when the owner does not know
 * the saga, or the fields are not those of the contract.
 */
export async function eventWish(
  context: OperatorContext,
  { contract, sagaId, data, known, by, reason }: Saying,
): Promise<Wish & { readonly data: Readonly<Record<string, unknown>> }> {
  const { type, owner } = contract
  const [part] = await partsOf(context, sagaId, owner)
  if (!part) throw new Refusal(`${owner} knows no saga ${sagaId}.`)
  const event = {
    id: randomUUID(),
    type,
    source: 'operator',
    by,
    reason,
    sagaId,
    time: context.clock.now(),
    trace: await traceOf(context, part),
    data: { ...filledIn(contract, known), ...data },
  }
  const message = encoded(context, event)
  return {
    participant: owner,
    sagaId,
    id: event.id,
    after: part.head.seq,
    message,
    what: type,
    data: event.data,
  }
}

/** The names of the fields that the event has. */
export function fieldNames({ schema }: EventContract): readonly string[] {
  return fieldsOf(schema).map(({ name }) => name)
}

function filledIn({ schema }: EventContract, known: Saying['known']): Record<string, unknown> {
  return Object.fromEntries(
    fieldsOf(schema).flatMap(({ name, default: otherwise }) => {
      if (name in known) return [[name, known[name]]]
      return otherwise === undefined ? [] : [[name, otherwise]]
    }),
  )
}

/** The contract of an event is a record. */
function fieldsOf(schema: EventContract['schema']) {
  return (schema as { readonly fields: readonly { readonly name: string; readonly default?: unknown }[] })
    .fields
}

function encoded(
  { infrastructure: { codec } }: OperatorContext,
  event: Parameters<OperatorContext['infrastructure']['codec']['encode']>[0],
): OutgoingMessage {
  try {
    return codec.encode(event)
  } catch (error) {
    if (error instanceof PoisonError) throw new Refusal(error.message, { cause: error })
    throw error
  }
}

/** The trace that the part's last row belongs to: what an operator says continues it. */
async function traceOf(
  { infrastructure }: OperatorContext,
  { participant, head }: SagaPart,
): Promise<TraceContext> {
  const store = await infrastructure.store(participant)
  const [row] = await store.readRows([`${head._id}:${head.seq}`])
  return row?.trace ?? {}
}
