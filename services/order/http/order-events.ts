import type { RequestHandler, Response } from 'express'
import type { Head, JournalRow } from '#orchestration'
import type { Admission } from './admission.ts'
import type { OrderApi } from './dependencies.ts'
import type { OrderReader } from './order-reader.ts'
import { hasEnded, stepView } from './order-view.ts'
import { orderNotFound, temporary } from './problems.ts'
import type { HeadWatcher } from './waiters.ts'

type Streaming = Pick<OrderApi, 'clock' | 'limits' | 'log' | 'stopping'>

/**
 * `GET /orders/{orderId}/events`: server-sent events, one per step of the order, from the first (or after `Last-Event-ID`) to the last,
 * then the end of the stream. A client that comes back after the end gets 204, which tells an EventSource to stay away.
 */
export function orderEvents(
  api: Streaming,
  { orders, watcher, leave }: { orders: OrderReader; watcher: HeadWatcher } & Pick<Admission, 'leave'>,
): RequestHandler<{ orderId: string }> {
  return async (req, res) => {
    const { orderId } = req.params
    const known = await orders.find(orderId)
    if (!known) throw orderNotFound(orderId)
    const { head } = known
    const seen = lastEventId(req.get('Last-Event-ID'))
    if (hasEnded(head) && seen >= head.seq) {
      res.status(204).end()
      return
    }
    if (req.method === 'HEAD') {
      res.type('text/event-stream').end()
      return
    }
    if (watcher.full()) {
      throw temporary('too-many-streams', 'Try again in a while, or poll the order.', { retryAfter: 10 })
    }
    // A client that left while the order was read has no end of its own any more that could clean up.
    if (res.destroyed) return
    leave(res)
    stream(api, { res, orderId, head, seen: Math.min(seen, head?.seq ?? 0), orders, watcher })
  }
}

/** An id that is none of ours means: from the beginning. */
function lastEventId(header: string | undefined): number {
  return header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) : 0
}

function stream(
  { clock, limits, log, stopping }: Streaming,
  on: {
    res: Response
    orderId: string
    head: Head | undefined
    seen: number
    orders: OrderReader
    watcher: HeadWatcher
  },
): void {
  const { res, orderId, orders } = on
  let sent = on.seen
  let newest: Head | undefined
  let sending = false

  async function send(): Promise<void> {
    if (sending) return
    sending = true
    try {
      while (newest && newest.seq > sent) {
        const head = newest
        const rows = await orders.rowsAfter(sent, head)
        if (res.writableEnded || res.destroyed) return
        for (const row of rows) res.write(eventOf(row))
        sent = head.seq
        if (hasEnded(head)) end()
      }
    } catch (error) {
      log.warn('An event stream broke off; the client comes back by itself.', { orderId, error })
      end()
    } finally {
      sending = false
    }
  }

  let cancelBeat = () => {}
  function beat(): void {
    // A comment: nothing for the client, but proxies see that the connection lives.
    res.write(': still here\n\n')
    cancelBeat = clock.schedule(limits.heartbeatMs, beat)
  }

  function end(): void {
    unwatch()
    cancelBeat()
    stopping.removeEventListener('abort', end)
    res.end()
  }

  const unwatch = on.watcher.watch(orderId, (head) => {
    newest = head
    void send()
  })
  stopping.addEventListener('abort', end)
  res.once('close', end)

  res.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    // Nginx would hold the events back otherwise.
    'X-Accel-Buffering': 'no',
  })
  res.write('retry: 1000\n\n')
  beat()
  if (stopping.aborted) end()
  // Nothing more will come, and an order in the archive has no head to watch.
  if (hasEnded(on.head)) {
    newest = on.head
    void send()
  }
}

function eventOf(row: JournalRow): string {
  return `id: ${row.seq}\ndata: ${JSON.stringify(stepView(row))}\n\n`
}
