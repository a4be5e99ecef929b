import { type Collection, type Db, MongoBulkWriteError } from 'mongodb'
import { RetryableError, together } from '#messaging'
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
  await reachable(rows.createIndex({ at: 1 }, { sparse: true }))
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
      const old = await reachable(
        rows
          .find<OrderRequest>({ at: { $lt: before } })
          .sort({ at: 1 })
          .limit(limit)
          .toArray(),
      )
      // The key's row goes last: without it, nobody would find the order's row again.
      for (const ids of [old.map(({ orderId }) => orderRowId(orderId)), old.map(({ key }) => keyId(key))]) {
        if (ids.length > 0) await reachable(rows.deleteMany({ _id: { $in: ids } }))
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
  const taken = await insert(
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
  await insert(rows, holders.map(orderRow))
  const kept = new Set(holders.map(({ orderId }) => orderId))
  const lost = late.filter(({ orderId }) => !kept.has(orderId)).map(({ orderId }) => orderRowId(orderId))
  await reachable(rows.deleteMany({ _id: { $in: lost } }))
  const holderOf = new Map(holders.map((holder) => [holder.key, holder]))
  return asked.map((request, i) => (taken.has(2 * i) ? holderOf.get(request.key) : request))
}

/** Returns the positions whose id was taken. */
async function insert(rows: Collection<Row>, batch: readonly Row[]): Promise<ReadonlySet<number>> {
  if (batch.length === 0) return new Set()
  try {
    await rows.insertMany([...batch], { ordered: false })
    return new Set()
  } catch (error) {
    if (!isDuplicate(error)) throw unreachable(error)
    return new Set([error.writeErrors].flat().map(({ index }) => index))
  }
}

/** Not when the write concern failed: then the rows may be lost again, and the outcome is unknown. */
function isDuplicate(error: unknown): error is MongoBulkWriteError {
  if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError()) return false
  return [error.writeErrors].flat().every(({ code }) => code === 11_000)
}

async function find<T>(rows: Collection<Row>, ids: readonly Row['_id'][]): Promise<T[]> {
  if (ids.length === 0) return []
  return reachable(rows.find({ _id: { $in: [...ids] } }, withoutId).toArray() as Promise<T[]>)
}

async function reachable<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw unreachable(error)
  }
}

function unreachable(cause: unknown): RetryableError {
  return new RetryableError('The request store did not answer, or its answer is unknown.', {
    cause,
    code: 'CHORUS_STORE_UNREACHABLE',
  })
}
