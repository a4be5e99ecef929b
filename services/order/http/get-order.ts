import type { RequestHandler } from 'express'
import type { OrderReader } from './order-reader.ts'
import { entityTag } from './order-view.ts'
import type { WaitIfWished } from './preferences.ts'
import { orderNotFound } from './problems.ts'

/** `GET /orders/{orderId}`: the whole order with its history; 304 when the client has it already. */
export function getOrder({
  orders,
  wait,
}: {
  orders: OrderReader
  wait: WaitIfWished
}): RequestHandler<{ orderId: string }> {
  return async (req, res) => {
    const { orderId } = req.params
    const found = await orders.find(orderId)
    const known = found && (await wait(req, res, orderId)) ? await orders.find(orderId) : found
    if (!known) throw orderNotFound(orderId)

    // Private, and to be asked for again each time: an order changes by itself.
    res.set({ ETag: entityTag(known.head), 'Cache-Control': 'private, no-cache' })
    if (names(req.get('If-None-Match'), entityTag(known.head))) res.status(304).end()
    else res.json(await orders.view(known))
  }
}

/** Not Express's own comparison: it gives up when the request says `Cache-Control: no-cache`, which `fetch` adds by itself. */
function names(ifNoneMatch: string | undefined, tag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((entry) => entry.trim().replace(/^W\//, ''))
  return tags.includes(tag) || tags.includes('*')
}
