import { contracts } from '#contracts'
import { type Broker, RetryableError } from '#messaging'
import { type EffectCall, type JournalRow, type Participant, participant, runParticipant, type Store } from '#orchestration'
import { pause } from '../orchestration/clock.ts'
import { type Fault, mortalProcess, silent } from '../orchestration/faults.fixtures.ts'
import { quiet, until } from '../orchestration/manual-clock.fixtures.ts'
import { orderMachine } from '../services/order/machine.ts'
import { paymentMachine } from '../services/payment/machine.ts'
import { recall, shipment } from '../services/sandbox/carrier.ts'
import { type Operation, perform } from '../services/sandbox/operation.ts'
import { capture, refund } from '../services/sandbox/payment-provider.ts'
import { shippingMachine } from '../services/shipping/machine.ts'
import { audit } from './crash-audit.fixtures.ts'
import { codec, createWorld, type Name, names, type World } from './crash-world.fixtures.ts'

/** A way that an order may take, by the magic values of the sandbox. */
export type Path = {
  readonly name: string
  readonly paymentToken: string
  readonly postcode: string
  readonly cancels?: boolean
  readonly ending: 'delivered' | 'declined' | 'cancelled'
}

export const moments = ['before', 'after'] as const
/** `answer` is the insert of a row that takes in what came of an effect. */
export const acts = ['insert', 'publish', 'head write', 'commit', 'effect', 'answer'] as const

type Place = {
  readonly participant: Name
  readonly moment: (typeof moments)[number]
  readonly act: (typeof acts)[number]
}
/** One occurrence of a place along a path: here the participant's process dies. */
export type Point = Place & { readonly nth: number }

/** A bug in what the processes stand on, planted to see that it is found. */
export type Bug = {
  store?(store: Store): Store
  broker?(broker: Broker): Broker
  key?(idempotencyKey: string): string
}

const callTimeout = 2_000
const unplugged = async (): Promise<never> => {
  throw new Error('this effect is plugged into the sandbox by each process')
}
const effect = { run: unplugged }

const parts: Readonly<Record<Name, Participant>> = {
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
    effects: { capturePayment: { ...effect, deadline: 12_000 }, refundPayment: effect },
    contracts,
    input: { refundPause: 1_000 },
  }),
  shipping: participant({
    name: 'shipping',
    version: '1',
    machine: shippingMachine,
    effects: { deliverParcel: { ...effect, deadline: 12_000 }, recallParcel: effect },
    contracts,
    input: { recallPause: 1_000 },
  }),
}

const listened = { order: parts.order.topics, payment: parts.payment.topics, shipping: parts.shipping.topics }

// biome-ignore lint/suspicious/noExplicitAny: each operation checks its request by itself.
const operations: Readonly<Record<string, Operation<any>>> = {
  capturePayment: capture,
  refundPayment: refund,
  deliverParcel: shipment,
  recallParcel: recall,
}

/** Plays a path with at most one death; returns what was wrong at its end, and how often the first processes came by each place. */
export async function play(
  path: Path,
  { crash, bug = {} }: { crash?: Point; bug?: Bug } = {},
): Promise<{ violations: readonly string[]; passed: ReadonlyMap<string, number> }> {
  const world = await createWorld(listened)
  const passed = new Map<string, number>()
  const processes: { kill(): Promise<void> }[] = []
  let begun = false
  let died: Name | undefined
  let cancelled = false

  function diesAt(place: Place): boolean {
    if (!begun) return false
    const nth = (passed.get(nameOf(place)) ?? 0) + 1
    passed.set(nameOf(place), nth)
    if (!crash || nameOf({ ...place, nth }) !== nameOf(crash)) return false
    died = place.participant
    return true
  }

  async function goOn(): Promise<boolean> {
    if (died && processes.length === names.length)
      processes.push(await startProcess(world, died, bug, () => false))
    if (path.cancels && !cancelled && world.rows.payment.length > 0) {
      cancelled = true
      await world.cancel()
    }
    return world.isSettled()
  }

  for (const name of names) processes.push(await startProcess(world, name, bug, diesAt))
  begun = true
  await world.place(path)
  const violations: string[] = []
  await until(world.clock, 'it settles', goOn).catch((error) => violations.push(error.message))
  await quiet(world.clock, 20)
  if (crash && !died) violations.push('the point was not reached')
  violations.push(...(await audit(world, { ending: path.ending, parts })))
  for (const process of processes) await process.kill()
  return { violations, passed }
}

export function nameOf({ participant, moment, act, nth }: Place & { nth?: number }): string {
  return [participant, moment, act, ...(nth === undefined ? [] : [`#${nth}`])].join(' ')
}
