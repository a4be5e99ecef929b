import type { Head, JournalRow } from '#orchestration'
import type { OrderApi } from './dependencies.ts'
import { accepted, type KnownOrder, orderView, takenUp } from './order-view.ts'
import type { OrderDocument } from './schemas.ts'

/** Reads orders from the participant's own store, by `_id` alone; it never asks another service. */
export type OrderReader = {
  /** The order, or `undefined` when nobody placed it. */
  find(orderId: string): Promise<KnownOrder | undefined>
  /** The orders of these heads, in their order; what nobody placed is left out. */
  ofHeads(heads: readonly Head[]): Promise<readonly KnownOrder[]>
  /** The whole order as it is shown. */
  view(known: KnownOrder): Promise<OrderDocument>
  /** The rows after `seq` up to the head's, in order. */
  rowsAfter(seq: number, head: Head): Promise<readonly JournalRow[]>
}

type Found = { readonly orderId: string; readonly head: Head | undefined }

export function orderReader({ store, requests }: Pick<OrderApi, 'store' | 'requests'>): OrderReader {
  async function known(found: readonly Found[]): Promise<readonly KnownOrder[]> {
    const early = found.filter(({ head }) => !takenUp(head)).map(({ orderId }) => orderId)
    const asked = early.length > 0 ? await requests.byOrderIds(early) : []
    const requestOf = new Map(asked.map((request) => [request.orderId, request]))
    return found.flatMap(({ orderId, head }) => {
      const request = requestOf.get(orderId)
      return takenUp(head) ?? (request ? accepted(request, head) : [])
    })
  }

  async function rowsAfter(seq: number, head: Head): Promise<readonly JournalRow[]> {
    // Rows beyond the head are not published yet: showing them would tell of what others cannot know.
    const ids = Array.from({ length: Math.max(0, head.seq - seq) }, (_, i) => `${head._id}:${seq + 1 + i}`)
    const rows = ids.length > 0 ? await store.readRows(ids) : []
    const all = rows.length < ids.length ? await archivedRows(head._id) : rows
    return all.filter((row) => row.seq > seq && row.seq <= head.seq).toSorted((a, b) => a.seq - b.seq)
  }

  /** An old order has left the journal. */
  async function archivedRows(orderId: string): Promise<readonly JournalRow[]> {
    return (await store.archive.read([orderId]))[0]?.rows ?? []
  }

  return {
    rowsAfter,

    async find(orderId) {
      const [stored] = await store.readHeads([orderId])
      const head = stored ?? (await store.archive.read([orderId]))[0]?.head
      return (await known([{ orderId, head }]))[0]
    },

    ofHeads: (heads) => known(heads.map((head) => ({ orderId: head._id, head }))),

    async view(known) {
      return orderView(known, known.head ? await rowsAfter(0, known.head) : [])
    },
  }
}
