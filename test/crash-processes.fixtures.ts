import { contracts } from '#contracts'
import { type Broker, type Codec, type OutgoingMessage, RetryableError, TerminalError } from '#messaging'
import {
  definitionsTopic,
  type EffectCall,
  type JournalRow,
  participant,
  runParticipant,
  type Store,
} from '#orchestration'
import { pause } from '../orchestration/clock.ts'
import { mortalProcess, silent } from '../orchestration/faults.fixtures.ts'
import { orderMachine } from '../services/order/machine.ts'
import { paymentMachine } from '../services/payment/machine.ts'
import { perform, type Sandbox } from '../services/sandbox/operation.ts'
import { Problem } from '../services/sandbox/problem.ts'
import { shippingMachine } from '../services/shipping/machine.ts'
import { wire } from './crash-wire.fixtures.ts'
import { codec, type Name, type World } from './crash-world.fixtures.ts'
import { type AnyOperation, operations } from './operations.fixtures.ts'

export const moments = ['before', 'after'] as const
/** `answer` is the insert of a row that takes in what came of an effect. */
export const acts = ['insert', 'publish', 'head write', 'commit', 'effect', 'answer'] as const

/** Where a process may die: `after` means that the act is done, and its answer is lost. */
export type Place = {
  readonly participant: Name
  readonly moment: (typeof moments)[number]
  readonly act: (typeof acts)[number]
}

/** A bug in what the processes stand on, planted to see that it is found. */
export type Bug = {
  store?(store: Store): Store
  broker?(broker: Broker): Broker
  sandbox?(sandbox: Sandbox): Sandbox
  codec?(codec: Codec): Codec
}

/** What a process needs of its world. */
export type Surroundings = Pick<World, 'broker' | 'stores' | 'sandbox' | 'clock' | 'called'>

/** Milliseconds until a caller takes silence for a failure. */
const callTimeout = 2_000

const plugged = {
  async run(): Promise<never> {
    throw new Error('each process plugs its effects into the sandbox of its world')
  },
}

/** The services' own machines, with times that fit each other. */
export const parts = {
  order: participant({
    name: 'order',
    version: '1',
    machine: orderMachine,
    effects: {},
    contracts,
    input: { paymentPatience: 10_000 },
  }),
  payment: participant({
    name: 'payment',
    version: '1',
    machine: paymentMachine,
    effects: { capturePayment: { ...plugged, deadline: 12_000 }, refundPayment: plugged },
    contracts,
    input: { refundPause: 200, refundAttempts: 2 },
  }),
  shipping: participant({
    name: 'shipping',
    version: '1',
    machine: shippingMachine,
    effects: { deliverParcel: { ...plugged, deadline: 12_000 }, recallParcel: plugged },
    contracts,
    input: { recallPause: 200, recallAttempts: 2 },
  }),
} as const

/** Starts a participant's process in this world. It dies, as by `kill -9`, at the first place for which `diesAt` says so. */
export async function startProcess(
  world: Surroundings,
  name: Name,
  { bug, diesAt }: { bug: Bug; diesAt: (place: Place) => boolean },
): Promise<{ kill(): Promise<void> }> {
  const store = bug.store?.(world.stores[name]) ?? world.stores[name]
  const broker = bug.broker?.(world.broker) ?? world.broker
  const sandbox = bug.sandbox?.(world.sandbox) ?? world.sandbox
  let dead = false
  const process = mortalProcess({ ...wire({ broker, store }, () => dead), clock: world.clock })

  async function pass(moment: Place['moment'], act: Place['act']): Promise<void> {
    if (dead || !diesAt({ participant: name, moment, act })) return
    dead = true
    await process.kill()
  }
  for (const moment of moments) {
    process[moment].insert = (rows: readonly JournalRow[]) => pass(moment, actOf(rows))
    process[moment].send = async (messages: readonly OutgoingMessage[]) => {
      // Said when a process joins: no part of an order's way.
      if (messages.every(({ topic }) => topic !== definitionsTopic)) await pass(moment, 'publish')
    }
    process[moment]['write heads'] = () => pass(moment, 'head write')
    process[moment].commit = () => pass(moment, 'commit')
  }

  /** An answer that comes to a dead process goes no further than to its next crossing. */
  async function work(operation: AnyOperation, call: EffectCall): Promise<unknown> {
    world.called(call.idempotencyKey)
    await pass('before', 'effect')
    if (dead) return new Promise(() => {})
    try {
      return await ask(sandbox, operation, call)
    } finally {
      await pass('after', 'effect')
    }
  }

  const effects = Object.fromEntries(
    Object.entries(parts[name].effects).map(([src, effect]) => [
      src,
      { ...effect, run: (call: EffectCall) => work(operations[src] as AnyOperation, call) },
    ]),
  )
  const onFatal = (error: Error) => {
    throw error
  }
  const spoken = bug.codec?.(codec) ?? codec
  await runParticipant({ ...parts[name], effects }, { ...process, codec: spoken, log: silent, onFatal })
  return process
}

function actOf(rows: readonly JournalRow[]): Place['act'] {
  return rows.some(({ cause }) => cause.kind === 'answer' || cause.kind === 'retry') ? 'answer' : 'insert'
}

/** A call to the payment provider or the carrier, as over HTTP. */
async function ask(sandbox: Sandbox, operation: AnyOperation, call: EffectCall): Promise<unknown> {
  const { idempotencyKey, input: body } = call
  const answer = await perform(operation, { idempotencyKey, body }, sandbox).catch((error) => {
    const isFinal = error instanceof Problem && error.code === 'refused-on-purpose'
    throw isFinal ? new TerminalError(error.message) : error
  })
  if (answer !== 'silence') return answer
  await pause(sandbox.clock, callTimeout)
  throw new RetryableError('no answer came in time')
}
