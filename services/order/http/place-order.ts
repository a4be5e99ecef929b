import type { RequestHandler, Response } from 'express'
import { purgeMargin } from '#orchestration'
import { currency, quote } from '../catalogue.ts'
import type { SendCommand } from './commands.ts'
import type { OrderApi } from './dependencies.ts'
import { fingerprint, requiredIdempotencyKey } from './idempotency.ts'
import type { OrderReader } from './order-reader.ts'
import { accepted, hasEnded, type KnownOrder } from './order-view.ts'
import type { WaitIfWished } from './preferences.ts'
import { Problem } from './problems.ts'
import type { OrderRequest } from './requests.ts'
import { type PlaceOrderBody, placeOrderBody } from './schemas.ts'
import { valid } from './validation.ts'

/** Milliseconds for which a repeated request says its command again. After that its order may be purged, and must not begin a second time. */
const sayAgainFor = purgeMargin

/**
 * `POST /orders`: remembers the request under its key, then produces the command. Whatever fails in between, the same
 * request with the same key leads to the same order: its command goes out again under the same event id.
 */
export function placeOrder(
  { requests, clock, ids }: Pick<OrderApi, 'requests' | 'clock' | 'ids'>,
  { send, orders, wait }: { send: SendCommand; orders: OrderReader; wait: WaitIfWished },
): RequestHandler {
  return async (req, res) => {
    const key = requiredIdempotencyKey(req)
    const body = valid(placeOrderBody, req.body, 'body')
    const asked = newRequest(key, body, { orderId: ids(), commandId: ids(), at: clock.now() })
    const request = await requests.claim(asked)
    if (request.bodyHash !== asked.bodyHash) throw reused()
    const { orderId } = request
    const known = asked.at - request.at < sayAgainFor ? await say(request) : await takenUp(orderId)

    res.location(`/orders/${orderId}`)
    const later = (await wait(req, res, orderId)) && (await orders.find(orderId))
    await answer(res, later || known, orders)
  }

  async function say(request: OrderRequest): Promise<KnownOrder> {
    await send({ type: 'PlaceOrder', id: request.commandId, time: request.at, data: request.command })
    return accepted(request)
  }

  async function takenUp(orderId: string): Promise<KnownOrder> {
    const known = await orders.find(orderId)
    if (!known?.head) throw expired()
    return known
  }
}

/** 201 with the whole order when it has ended already, else 202. */
async function answer(res: Response, known: KnownOrder, orders: OrderReader): Promise<void> {
  if (hasEnded(known.head)) res.status(201)
  else res.status(202).set('Retry-After', '1')
  res.json(await orders.view(known))
}

function newRequest(
  key: string,
  body: PlaceOrderBody,
  { orderId, commandId, at }: { orderId: string; commandId: string; at: number },
): OrderRequest {
  const { customerId, paymentToken, shipTo } = body
  const quoted = quote(body.items)
  if ('unknown' in quoted) throw unknownSku(quoted.unknown)
  const command = { orderId, customerId, ...quoted, currency, paymentToken, shipTo }
  return { key, bodyHash: fingerprint(body), orderId, commandId, command, at }
}

function unknownSku(positions: readonly number[]): Problem {
  return new Problem(
    'unknown-sku',
    'Some lines name nothing that the shop sells; /docs lists the catalogue.',
    {
      errors: positions.map((i) => ({ pointer: `#/items/${i}/sku`, detail: 'Not in the catalogue.' })),
    },
  )
}

function expired(): Problem {
  return new Problem(
    'idempotency-key-expired',
    'This Idempotency-Key is older than a day, and its order was not taken up, or is forgotten. Use a new key for a new order.',
  )
}

function reused(): Problem {
  return new Problem(
    'idempotency-key-reused',
    'This Idempotency-Key came with another body before. Repeat that body, or use a new key for a new order.',
  )
}
