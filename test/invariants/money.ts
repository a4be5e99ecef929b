import { isDelivery, sumOf } from '../../services/sandbox/ledger.ts'
import type { Check, Evidence, Violation } from './evidence.ts'
import { repeated } from './repeated.ts'
import { outcomeIn } from './scene.ts'
import { type Order, viewOf } from './view.ts'

const invariant = 'I1'

/** Captured minus refunded is the amount when the order is delivered, and 0 otherwise; nothing happens twice under one key. */
export const money: Check = (evidence) => {
  const { orders } = viewOf(evidence)
  const ofOrder = Map.groupBy(evidence.ledger, ({ orderId }) => orderId)
  const found = [...orders.values()].flatMap((order) =>
    balance(order, ofOrder.get(order.orderId) ?? [], outcomeIn(evidence, order.orderId)),
  )
  for (const [orderId, entries] of ofOrder) {
    if (!orders.has(orderId))
      found.push({ invariant, sagaId: orderId, says: `${entries[0]?.kind} for an order that nobody placed` })
  }
  for (const { idempotencyKey, kind, orderId } of repeated(evidence.ledger, (entry) => entry.idempotencyKey))
    found.push({ invariant, sagaId: orderId, says: `two ${kind}s under the one key ${idempotencyKey}` })
  return found
}

function balance(
  { orderId, accepted, placed }: Order,
  entries: Evidence['ledger'],
  outcome: string | undefined,
): Violation[] {
  const amount = accepted?.amount ?? Number(placed?.data?.amount)
  const captured = sumOf('capture', entries)
  const refunded = sumOf('refund', entries)
  const parcels = entries.filter(isDelivery).length
  const delivered = outcome === 'delivered'
  const owed = delivered || isKept(outcome, captured - refunded) ? amount : 0
  const faults = [
    outcome !== undefined &&
      captured - refunded !== owed &&
      `it is ${outcome}, and ${captured} - ${refunded} = ${captured - refunded} was kept instead of ${owed}`,
    captured > amount && `${captured} was captured, though it costs ${amount}`,
    refunded > captured && `${refunded} was refunded, though ${captured} was captured`,
    parcels > 1 && `${parcels} parcels went out`,
    outcome !== undefined &&
      delivered !== parcels > 0 &&
      `it is ${outcome}, and ${parcels === 0 ? 'no' : 'a'} parcel went out`,
  ]
  return faults.flatMap((says) => (says ? [{ invariant, sagaId: orderId, says }] : []))
}

/** What a person has written off is kept, unless an attempt from before, given up long ago, reached the provider after all. */
function isKept(outcome: string | undefined, balance: number): boolean {
  return outcome === 'writtenOff' && balance !== 0
}
