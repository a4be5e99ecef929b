import type { JournalRow, Store } from '#orchestration'
import { invariants, outcomeOf, type Scene, topState } from '../../services/cast.ts'
import type { Name } from '../invariants/evidence.ts'
import { byName } from '../invariants/small-shop.fixtures.ts'

/** Sees every row as it is stored, and knows at any time how the orders stand. */
export type Onlooker = {
  /** Every row that a store has taken, in the order of the inserts. */
  readonly rows: Readonly<Record<Name, readonly JournalRow[]>>
  /** What did not hold in some moment, as sentences. */
  readonly broken: Set<string>
  /** The store, under watch. */
  watch(name: Name, store: Store): Store
  /** Calls `react` after each row that was inserted. */
  onRow(react: (name: Name, row: JournalRow) => void): void
  /** A call has arrived at a company. */
  called(idempotencyKey: string): void
  /** A customer has asked for this order. */
  expect(orderId: string): void
  /** Every order that was asked for has an ending, and nothing is held. */
  isSatisfied(): boolean
}

const nobodyYet: Scene = { order: 'absent', payment: 'absent', shipping: 'absent' }

export function onlooker(): Onlooker {
  const rows = byName<JournalRow[]>(() => [])
  const scenes = new Map<string, Scene>()
  const open = new Set<string>()
  const holds = new Set<string>()
  const asked = new Set<string>()
  const broken = new Set<string>()
  const watchers: ((name: Name, row: JournalRow) => void)[] = []

  function inserted(name: Name, row: JournalRow): void {
    rows[name].push(row)
    for (const { idempotencyKey } of row.effects.started) asked.add(idempotencyKey)
    if (row.held) holds.add(`${name} ${row.held.row}`)
    for (const released of row.released ?? []) holds.delete(`${name} ${released}`)
    if (row.state) stand(row.sagaId, name, topState(row.state.value))
    for (const react of watchers) react(name, row)
  }

  function stand(orderId: string, name: Name, state: string): void {
    const scene = { ...(scenes.get(orderId) ?? nobodyYet), [name]: state }
    scenes.set(orderId, scene)
    if (outcomeOf(scene) === undefined) open.add(orderId)
    else open.delete(orderId)
    for (const { name: invariant, holds } of invariants)
      if (!holds(scene)) broken.add(`${orderId}: it did not always hold: ${invariant}`)
  }

  return {
    rows,
    broken,
    watch: (name, store) => ({
      ...store,
      async insertRows(batch) {
        const results = await store.insertRows(batch)
        batch.filter((_, i) => results[i] === 'inserted').forEach((row) => void inserted(name, row))
        return results
      },
    }),
    onRow: (react) => void watchers.push(react),
    called(idempotencyKey) {
      if (!asked.has(idempotencyKey)) broken.add(`${idempotencyKey}: it ran before its row was stored`)
    },
    expect(orderId) {
      if (!scenes.has(orderId)) open.add(orderId)
    },
    isSatisfied: () => open.size === 0 && holds.size === 0,
  }
}
