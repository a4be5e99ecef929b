import type { Head, JournalRow } from '#orchestration'
import type { AcceptedOrder, Evidence, Name, SeenRecord } from './evidence.ts'
import { names } from './parts.ts'

/** What one participant has stored of one saga; `rows` by `seq`, `head` as the store has it. */
export type StoredPart = {
  readonly name: Name
  readonly sagaId: string
  readonly rows: readonly JournalRow[]
  readonly head: Head | undefined
}

export type Order = {
  readonly orderId: string
  readonly accepted: AcceptedOrder | undefined
  /** The first `PlaceOrder` for it in Kafka. */
  readonly placed: SeenRecord | undefined
}

/** The evidence, arranged for look-ups. */
export type View = {
  readonly parts: readonly StoredPart[]
  partOf(name: string, sagaId: string): StoredPart | undefined
  /** All that were accepted or placed. */
  readonly orders: ReadonlyMap<string, Order>
  /** Where an event or a step was said, by its id, first place first. */
  readonly said: ReadonlyMap<string, readonly SeenRecord[]>
  /** What an event says, whoever said it. */
  dataOf(eventId: string): Readonly<Record<string, unknown>> | undefined
}

const views = new WeakMap<Evidence, View>()

export function viewOf(evidence: Evidence): View {
  const known = views.get(evidence) ?? arrange(evidence)
  views.set(evidence, known)
  return known
}

function arrange(evidence: Evidence): View {
  const parts = names.flatMap((name) => partsOf(name, evidence))
  const byName = new Map(parts.map((part) => [`${part.name}/${part.sagaId}`, part]))
  const said = Map.groupBy(
    evidence.records.filter(({ id, marks }) => id !== '' && !marks),
    ({ id }) => id,
  )
  const emitted = new Map(
    parts.flatMap(({ rows }) =>
      rows.flatMap((row) => row.emitted.map(({ id, data }) => [id, data] as const)),
    ),
  )
  return {
    parts,
    partOf: (name, sagaId) => byName.get(`${name}/${sagaId}`),
    orders: ordersOf(evidence),
    said,
    dataOf: (id) => emitted.get(id) ?? said.get(id)?.find(({ data }) => data)?.data,
  }
}

function partsOf(name: Name, { journals }: Evidence): StoredPart[] {
  const rows = Map.groupBy(journals[name].rows, ({ sagaId }) => sagaId)
  const heads = new Map(journals[name].heads.map((head) => [head._id, head]))
  return [...new Set([...rows.keys(), ...heads.keys()])].map((sagaId) => ({
    name,
    sagaId,
    rows: (rows.get(sagaId) ?? []).sort((a, b) => a.seq - b.seq),
    head: heads.get(sagaId),
  }))
}

function ordersOf({ run, records }: Evidence): Map<string, Order> {
  const orders = new Map<string, Order>(
    run.orders.map((accepted) => [
      accepted.orderId,
      { orderId: accepted.orderId, accepted, placed: undefined },
    ]),
  )
  for (const placed of records) {
    if (placed.type !== 'PlaceOrder' || placed.key === null || placed.marks || placed.unreadable) continue
    const known = orders.get(placed.key)
    if (known?.placed) continue
    orders.set(placed.key, { orderId: placed.key, accepted: known?.accepted, placed })
  }
  return orders
}
