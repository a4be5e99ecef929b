import type { RequestHandler } from 'express'
import { z } from 'zod'
import type { Head, HeadQuery } from '#orchestration'
import type { OrderApi } from './dependencies.ts'
import type { OrderReader } from './order-reader.ts'
import { orderSummary } from './order-view.ts'
import { Problem } from './problems.ts'
import { type ListOrdersQuery, listOrdersQuery } from './schemas.ts'
import { valid } from './validation.ts'

/** `GET /orders`: newest first. An order appears once the participant has taken its command up. */
export function listOrders(
  { store }: Pick<OrderApi, 'store'>,
  { orders }: { orders: OrderReader },
): RequestHandler {
  return async (req, res) => {
    const query = valid(listOrdersQuery, req.query, 'query')
    const { state, limit, cursor } = query
    const heads = await store.listHeads({
      // One more than asked for tells whether there is a next page.
      limit: limit + 1,
      ...(state && { state }),
      ...(cursor && { after: position(cursor) }),
    })
    const page = heads.slice(0, limit)
    const last = heads.length > limit ? page.at(-1) : undefined
    const next = last && cursorAfter(last)
    if (next) res.links({ next: address(query, next) })
    const summaries = (await orders.ofHeads(page)).map(orderSummary)
    res.set('Cache-Control', 'private, no-cache').json({ orders: summaries, ...(next && { next }) })
  }
}

const cursorShape = z.tuple([z.int().nonnegative(), z.string().min(1)])

function cursorAfter({ startedAt, _id }: Head): string {
  return Buffer.from(JSON.stringify([startedAt, _id])).toString('base64url')
}

function position(cursor: string): NonNullable<HeadQuery['after']> {
  try {
    const [startedAt, id] = cursorShape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
    return { startedAt, id }
  } catch (cause) {
    throw new Problem('invalid-cursor', 'Take the cursor from the page before, unchanged, or leave it out.', {
      cause,
    })
  }
}

function address({ state, limit }: ListOrdersQuery, cursor: string): string {
  return `/orders?${new URLSearchParams({ ...(state && { state }), limit: String(limit), cursor })}`
}
