import type { Collection, Db } from 'mongodb'
import { RetryableError, together } from '#messaging'
import { asking, insertNew } from '#orchestration'
import type { OrderRequest, RequestStore } from './requests.ts'

/**
 * Two rows per request, because only look-ups by `_id` are fast on every server: `key:<key>` holds the request and is the lock,
 * `order:<order id>` only points at it, so that personal data stand in one place. A pointer counts only when the key's row names the same order.
 */
type KeyRow = OrderRequest & { readonly _id: `key:${string}` }
type OrderRow = { readonly _id: `order:${string}`; readonly key: string }
type Row = KeyRow | OrderRow

/** Requests in the collection `order.requests`. Durability is the client's write concern: use majority with journal. */
export async function mongoRequests(db: Db): Promise<RequestStore> {
  const rows: Collection<Row> = db.collection<Row>('order.requests')
  await asking('prepare the requests', () => rows.createIndex({ at: 1 }, { sparse: true }))
  const claimed = together((requests: readonly OrderRequest[]) => claimAll(rows, requests))

  return {
    async claim(request) {
      const holder = await claimed(request)
      if (!holder) throw new RetryableError('The request under this key was removed a moment ago.')
      return holder
    },

    async byOrderIds(orderIds) {
      const orderRows = await find<OrderRow>(rows, orderIds.map(orderRowId))
      const requests = await find<OrderRequest>(
        rows,
        orderRows.map(({ key }) => keyId(key)),
      )
      // The key may have gone to another order.
      return requests.filter(({ orderId }) => orderIds.includes(orderId))
    },

    async purge(before, limit) {
      const old = await asking('read old requests', () =>
        rows
          .find<OrderRequest>({ at: { $lt: before } })
          .sort({ at: 1 })
          .limit(limit)
          .toArray(),
      )
      // The key's row goes last: without it, nobody would find the order's row again.
      for (const ids of [old.map(({ orderId }) => orderRowId(orderId)), old.map(({ key }) => keyId(key))]) {
        if (ids.length > 0) await remove(rows, ids)
      }
      return old.length
    },
  }
}

const withoutId = { projection: { _id: 0 } } as const

const keyId = (key: string) => `key:${key}` as const
const orderRowId = (orderId: string) => `order:${orderId}` as const
const keyRow = (request: OrderRequest): KeyRow => ({ _id: keyId(request.key), ...request })
const orderRow = ({ orderId, key }: OrderRequest): OrderRow => ({ _id: orderRowId(orderId), key })

/** Who holds the key of each request; one request of the store for all, unless a key is taken. */
async function claimAll(
  rows: Collection<Row>,
  asked: readonly OrderRequest[],
): Promise<readonly (OrderRequest | undefined)[]> {
  const taken = await insertNew(
    'claim keys',
    rows,
    asked.flatMap((request) => [keyRow(request), orderRow(request)]),
  )
  const late = asked.filter((_, i) => taken.has(2 * i))
  if (late.length === 0) return asked
  const holders = await find<OrderRequest>(
    rows,
    late.map(({ key }) => keyId(key)),
  )
  // Whoever inserted a key may have died before its order's row; and the orders that came too late lead nowhere.
  await insertNew('point to requests', rows, holders.map(orderRow))
  const kept = new Set(holders.map(({ orderId }) => orderId))
  const lost = late.filter(({ orderId }) => !kept.has(orderId)).map(({ orderId }) => orderRowId(orderId))
  await remove(rows, lost)
  const holderOf = new Map(holders.map((holder) => [holder.key, holder]))
  return asked.map((request, i) => (taken.has(2 * i) ? holderOf.get(request.key) : request))
}

async function find<T>(rows: Collection<Row>, ids: readonly Row['_id'][]): Promise<T[]> {
  if (ids.length === 0) return []
  return asking(
    'read requests',
    () => rows.find({ _id: { $in: [...ids] } }, withoutId).toArray() as Promise<T[]>,
  )
}

async function remove(rows: Collection<Row>, ids: readonly Row['_id'][]): Promise<void> {
  await asking('remove requests', () => rows.deleteMany({ _id: { $in: [...ids] } }))
}
