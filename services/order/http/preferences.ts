import type { Request, Response } from 'express'
import type { Admission } from './admission.ts'
import type { OrderApi } from './dependencies.ts'
import { type HeadWatcher, untilEnded } from './waiters.ts'

/**
 * Seconds that the client wishes to wait for the order's end (`Prefer: wait=10`, RFC 7240), at most `longest`; 0 when it does not.
 * A wish that cannot be read is no wish: the RFC has it ignored.
 */
function wishedWait(prefer: string | undefined, longest: number): number {
  const wishes = (prefer ?? '').split(',')
  const seconds = wishes.map((wish) => /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(;|$)/i.exec(wish)?.[1]).find(Boolean)
  return Math.min(Number(seconds ?? 0), longest)
}

/** Resolves with whether the client's wish to wait was honoured; then the order has ended, or the time is over. */
export type WaitIfWished = (req: Request, res: Response, orderId: string) => Promise<boolean>

/** Waiting is a courtesy: with too many others waiting, the answer comes at once and without `Preference-Applied`. */
export function waitIfWished(
  { clock, limits, stopping }: Pick<OrderApi, 'clock' | 'limits' | 'stopping'>,
  { watcher, leave }: { watcher: HeadWatcher } & Pick<Admission, 'leave'>,
): WaitIfWished {
  return async (req, res, orderId) => {
    const seconds = wishedWait(req.get('Prefer'), limits.waitSeconds)
    if (seconds === 0 || watcher.full()) return false
    leave(res)
    res.set('Preference-Applied', `wait=${seconds}`)
    await untilEnded(orderId, { watcher, clock, ms: seconds * 1000, until: [stopping, disconnected(res)] })
    return true
  }
}

function disconnected(res: Response): AbortSignal {
  const connection = new AbortController()
  if (res.destroyed) connection.abort()
  res.once('close', () => connection.abort())
  return connection.signal
}
