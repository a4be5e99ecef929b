import { type Collection, type Db, MongoBulkWriteError } from 'mongodb'
import { RetryableError } from '#messaging'
import type { OrderRequest, RequestStore } from './requests.ts'

/**
 * Two rows per request, because only look-ups by `_id` are fast on every server: `key:<key>` holds the request and is the lock,
 * `order:<order id>` only points at it, so that personal data stand in one place. The key's row is written first: an
 * order row without its key would be an order that nobody promised.
 */
type KeyRow = OrderRequest & { readonly _id: `key:${string}` }
type OrderRow = { readonly _id: `order:${string}`; readonly key: string }
type Row = KeyRow | OrderRow

/** Requests in the collection `order.requests`. Durability is the client's write concern: use majority with journal. */
export async function mongoRequests(db: Db): Promise<RequestStore> {
  const rows: Collection<Row> = db.collection<Row>('order.requests')
  await reachable(rows.createIndex({ at: 1 }, { sparse: true }))

  return {
    async claim(request) {
      // Ordered: when the key is taken, the order's row is not written. One round trip for every new order.
      if (await inserted(rows, [keyRow(request), orderRow(request)])) return request
      const holder = await reachable(rows.findOne<KeyRow>({ _id: keyId(request.key) }, withoutId))
      if (!holder) throw new RetryableError('The request under this key was removed a moment ago.')
      // Whoever inserted the key may have died before the second row.
      await inserted(rows, [orderRow(holder)])
      return holder
    },

    async byOrderIds(orderIds) {
      const orderRows = await find<OrderRow>(rows, orderIds.map(orderRowId))
      return find<OrderRequest>(
        rows,
        orderRows.map(({ key }) => keyId(key)),
      )
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

async function inserted(rows: Collection<Row>, batch: Row[]): Promise<boolean> {
  try {
    await rows.insertMany(batch, { ordered: true })
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw unreachable(error)
  }
}

/** Not when the write concern failed: then the rows may be lost again, and the outcome is unknown. */
function isDuplicate(error: unknown): boolean {
  return error instanceof MongoBulkWriteError && error.code === 11_000 && !error.result.getWriteConcernError()
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
