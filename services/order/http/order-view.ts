import type { ContextFrom } from 'xstate'
import type { PlaceOrder } from '#contracts'
import type { Cause, Head, JournalRow } from '#orchestration'
import type { orderMachine } from '../machine.ts'
import type { OrderRequest } from './requests.ts'
import type { OrderDocument, OrderState, OrderSummary, StepDocument } from './schemas.ts'

/** An order that somebody placed. Before the participant has taken the command up, there is no head. */
export type KnownOrder = {
  readonly orderId: string
  readonly head?: Head | undefined
  readonly ordered: Pick<PlaceOrder, 'items' | 'amount' | 'currency'>
  /** Epoch milliseconds. */
  readonly placedAt: number
}

/** The order as the participant has it; `undefined` when it was not placed, as far as the participant knows. */
export function takenUp(head: Head | undefined): KnownOrder | undefined {
  const ordered = contextOf(head)?.order
  return head && ordered ? { orderId: head._id, head, ordered, placedAt: head.startedAt } : undefined
}

/** The order as it was asked for. Its head, if there is one, holds only events that came too early. */
export function accepted({ orderId, command, at }: OrderRequest, head?: Head): KnownOrder {
  return { orderId, head, ordered: command, placedAt: at }
}

/** Nothing will happen to the order any more. */
export function hasEnded(head: Head | undefined): head is Head {
  return !!head?.state && head.state.status !== 'active'
}

/** The strong validator of `orderView`: everything in it comes from rows up to the head. */
export function entityTag(head: Head | undefined): string {
  return `"${head?.seq ?? 0}"`
}

/** The whole order, with its rows up to the head's. */
export function orderView(known: KnownOrder, rows: readonly JournalRow[]): OrderDocument {
  const reason = contextOf(known.head)?.reason
  return {
    ...orderSummary(known),
    items: known.ordered.items.map(({ sku, quantity, unitPrice }) => ({ sku, quantity, unitPrice })),
    ...(reason && { reason }),
    history: rows.map(stepView),
  }
}

/** An order as lists show it. */
export function orderSummary({ orderId, head, ordered, placedAt }: KnownOrder): OrderSummary {
  return {
    orderId,
    state: stateName(head?.state),
    ended: hasEnded(head),
    amount: ordered.amount,
    currency: ordered.currency,
    placedAt: iso(placedAt),
    updatedAt: iso(head?.at ?? placedAt),
  }
}

/** One row of the journal as customers may see it: what happened, without the data. */
export function stepView({ seq, at, cause, outcome, state, emitted }: JournalRow): StepDocument {
  return {
    seq,
    at: iso(at),
    cause: causeView(cause),
    outcome,
    state: stateName(state),
    emitted: emitted.map(({ type }) => type),
  }
}

function causeView(cause: Cause): StepDocument['cause'] {
  const { kind, id } = cause
  return kind === 'event' ? { kind, id, type: cause.type, source: cause.source } : { kind, id }
}

/** The top-level state; `accepted` while the machine was not started. */
function stateName(state: Head['state'] | undefined): OrderState {
  if (!state) return 'accepted'
  const { value } = state
  return (typeof value === 'string' ? value : Object.keys(value as object)[0]) as OrderState
}

function contextOf(head: Head | undefined): ContextFrom<typeof orderMachine> | undefined {
  return head?.state?.context as ContextFrom<typeof orderMachine> | undefined
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString()
}
