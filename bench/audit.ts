import { setTimeout as sleep } from 'node:timers/promises'
import { unread } from '../test/invariants/collect.ts'
import {
  type AcceptedOrder,
  checkInvariants,
  collectEvidence,
  runInvariants,
  type Violation,
} from '../test/invariants/index.ts'
import type { Order } from './load/customers.ts'
import type { Stage } from './stage/stage.ts'

/** What was found wrong with the orders of a run. */
export type Audit = {
  /** Accepted, each of which has ended. */
  readonly orders: number
  /** Of these, how many every invariant was checked for. */
  readonly checked: number
  readonly violations: readonly Violation[]
}

/** More than these are not held in memory together: then a fair sample of so many is checked. */
const checkedAtMost = 20_000
const readLimitMs = 120_000
/** Milliseconds that an order may take under the heaviest load, once it is its turn. */
const usualLimitMs = 120_000

/** A benchmark breaks nothing and says nothing a second time. */
const unasked = new Set(['I4', 'I12'])
const asked = runInvariants.map(({ id }) => id).filter((id) => !unasked.has(id))

/**
 * Waits until everything has been read, and checks the invariants on what the servers hold: for orders that have all ended. Rejects when
 * something stays unread. `queuedMs`: for which orders lay in a queue.
 */
export async function audit(stage: Stage, orders: readonly Order[], queuedMs = 0): Promise<Audit> {
  const { crew, infrastructure, stop } = stage
  await allRead(stage)
  const accepted = orders.map(acceptedOrder)
  const chosen = sampleOf(accepted.map(({ orderId }) => orderId))
  const [sandbox] = crew.addresses('sandbox')
  const [tracker] = crew.addresses('tracker')
  const addresses = { ...(sandbox && { sandbox }), ...(tracker && { tracker }) }
  const evidence = await collectEvidence(
    { addresses, infrastructure, stop },
    {
      orders: accepted.filter(({ orderId }) => chosen.has(orderId)),
      paths: [],
      faults: [],
      withKills: false,
      calmSince: 0,
      limitMs: usualLimitMs + queuedMs,
      spans: null,
      replay: null,
    },
    { sagas: (sagaId) => chosen.has(sagaId) },
  )
  const violations = checkInvariants(evidence, { only: asked })
  return { orders: orders.length, checked: chosen.size, violations }
}

/** Evenly spread over the run, the first order and the last one among them. */
export function sampleOf(ids: readonly string[], most = checkedAtMost): ReadonlySet<string> {
  if (ids.length <= most) return new Set(ids)
  const step = (ids.length - 1) / (most - 1)
  return new Set(Array.from({ length: most }, (_, index) => ids[Math.round(index * step)] ?? ''))
}

function acceptedOrder({ orderId, acceptedAt, amount, way }: Order): AcceptedOrder {
  return { orderId, acceptedAt, amount, path: way.name, endings: [way.ending] }
}

async function allRead({ infrastructure, crew }: Stage): Promise<void> {
  const groups = crew.members.map(({ service }) => service)
  const end = performance.now() + readLimitMs
  for (;;) {
    const left = await unread(infrastructure.broker, [...new Set(groups)])
    if (left === 0) return
    if (performance.now() > end) throw new Error(`${left} records have not been handled`)
    await sleep(200)
  }
}
