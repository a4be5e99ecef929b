import { openLedgerFile } from './ledger-file.ts'
import { Problem } from './problem.ts'

/** What a caller is told: always a `status`, and what belongs to it. */
export type Answer = { readonly status: string; readonly [field: string]: unknown }

/** One call that was decided, and the money that it moved. Never changed. */
export type Entry = {
  readonly kind: 'capture' | 'refund' | 'shipment' | 'recall'
  readonly orderId: string
  readonly idempotencyKey: string
  /** Tells the same call from another one under the same key. */
  readonly requestHash: string
  /** Epoch milliseconds. */
  readonly at: number
  /** Minor units taken or given back by this call: 0 when it moved nothing. */
  readonly amount: number
  readonly currency?: string
  readonly paymentToken?: string
  readonly postcode?: string
  readonly answer: Answer
}

/** What became of an order, as an auditor sees it. Amounts in minor units. */
export type Balance = {
  readonly orderId: string
  readonly captured: number
  readonly refunded: number
  readonly delivered: boolean
  /** How many parcels went out: more than one is a fault of the caller. */
  readonly deliveries: number
}

export type Ledger = {
  /** Resolves when the entry will survive a crash of the process; only then do the other methods know it. */
  record(entry: Entry): Promise<void>
  entryOf(idempotencyKey: string): Entry | undefined
  /** In the order in which they were recorded. */
  entriesOf(orderId: string): readonly Entry[]
  entries(): Iterable<Entry>
  balances(): Iterable<Balance>
  /** False after a failed write: what is on the disk is unknown then, and nothing more is recorded. */
  isWritable(): boolean
  close(): Promise<void>
}

/** The ledger in this file; in memory without one. Rejects when the file holds a line that is no entry. */
export async function openLedger(path?: string): Promise<Ledger> {
  const all: Entry[] = []
  const byKey = new Map<string, Entry>()
  const byOrder = new Map<string, Entry[]>()
  let writable = true

  const file =
    path === undefined ? undefined : await openLedgerFile(path, (line) => remember(parseEntry(line)))

  function remember(entry: Entry): void {
    all.push(entry)
    byKey.set(entry.idempotencyKey, entry)
    const ofOrder = byOrder.get(entry.orderId)
    if (ofOrder) ofOrder.push(entry)
    else byOrder.set(entry.orderId, [entry])
  }

  function parseEntry(line: string): Entry {
    try {
      return JSON.parse(line)
    } catch (error) {
      throw new Error(`line ${all.length + 1} of the ledger ${path} cannot be read`, { cause: error })
    }
  }

  return {
    async record(entry) {
      try {
        await file?.append(JSON.stringify(entry))
      } catch (error) {
        writable = false
        throw new Problem('ledger-broken', String(error))
      }
      remember(entry)
    },
    entryOf: (key) => byKey.get(key),
    entriesOf: (orderId) => byOrder.get(orderId) ?? [],
    entries: () => all,
    *balances() {
      for (const [orderId, entries] of byOrder) yield balanceOf(orderId, entries)
    },
    isWritable: () => writable,
    close: async () => file?.close(),
  }
}

/** Money that these entries moved. */
export function sumOf(kind: 'capture' | 'refund', entries: readonly Entry[]): number {
  return entries.filter((entry) => entry.kind === kind).reduce((sum, entry) => sum + entry.amount, 0)
}

function balanceOf(orderId: string, entries: readonly Entry[]): Balance {
  const deliveries = entries.filter(isDelivery).length
  return {
    orderId,
    captured: sumOf('capture', entries),
    refunded: sumOf('refund', entries),
    delivered: deliveries > 0,
    deliveries,
  }
}

/** True for a shipment that went out; a refused one, and a recall that came too late, are none. */
export function isDelivery({ kind, answer }: Entry): boolean {
  return kind === 'shipment' && answer.status === 'delivered'
}
