import type { RequestHandler } from 'express'
import { v5 } from 'uuid'
import type { SendCommand } from './commands.ts'
import type { OrderApi } from './dependencies.ts'
import { idempotencyKey } from './idempotency.ts'
import type { OrderReader } from './order-reader.ts'
import { hasEnded } from './order-view.ts'
import type { WaitIfWished } from './preferences.ts'
import { orderNotFound, Problem } from './problems.ts'
import { cancelOrderBody } from './schemas.ts'
import { valid } from './validation.ts'

/** Namespace of the event ids of cancellations. */
const cancellations = '6d9f8a1e-2f0b-4c53-9a57-0c2b1f6f7e11'

/**
 * `POST /orders/{orderId}/cancellation`: asks for the order to be cancelled; the order decides. Nothing is remembered here: the
 * event id follows from the order and the key (one cancellation per order without a key), and the order's inbox knows it.
 */
export function cancelOrder(
  { clock }: Pick<OrderApi, 'clock'>,
  { send, orders, wait }: { send: SendCommand; orders: OrderReader; wait: WaitIfWished },
): RequestHandler<{ orderId: string }> {
  return async (req, res) => {
    const { orderId } = req.params
    const { reason } = valid(cancelOrderBody, req.body ?? {}, 'body')
    const id = v5(`${orderId}/${idempotencyKey(req) ?? ''}`, cancellations)
    const asked = await orders.find(orderId)
    if (!asked) throw orderNotFound(orderId)
    // A repeated request must not be refused because the first one had its effect.
    if (!asked.head?.seen.includes(id)) {
      if (hasEnded(asked.head)) throw alreadyEnded(orderId)
      await send({ type: 'CancelOrder', id, time: clock.now(), data: { orderId, reason } })
    }

    res.location(`/orders/${orderId}`)
    const later = (await wait(req, res, orderId)) && (await orders.find(orderId))
    const known = later || asked
    if (hasEnded(known.head)) res.status(200)
    else res.status(202).set('Retry-After', '1')
    res.json(await orders.view(known))
  }
}

function alreadyEnded(orderId: string): Problem {
  return new Problem(
    'order-already-ended',
    `Nothing happens to order ${orderId} any more; it cannot be cancelled.`,
  )
}
