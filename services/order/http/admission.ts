import type { RequestHandler, Response } from 'express'
import type { OrderApi } from './dependencies.ts'
import { lookout } from './lookout.ts'
import { type Problem, temporary } from './problems.ts'

/**
 * Refuses at once what could not be done in time. Each of its handlers stands first in a route, before the body is read. Nothing
 * of a refused request was done, so it may be repeated as it is.
 */
export type Admission = {
  /** For what only reads the store. */
  readonly toRead: RequestHandler
  /** For what also says something in Kafka. */
  readonly toCommand: RequestHandler
  /** For a new order, which is refused while too many wait already. */
  readonly toOrder: RequestHandler
  /** The request does nothing from here on but wait; it no longer counts as one at work. */
  leave(res: Response): void
}

/** How many wait, and how many orders had been let in by then whose commands the look must have seen. */
type Queue = { readonly waiting: number; readonly counted: number }

/** Seconds after which a refused client may try again. */
const retryAfter = 2

/**
 * Accepting more orders than the services can work off only makes all of them late, until they end by time-out: so the number of those
 * that wait is bounded. It is looked at about once a second; those let in since the last look are added.
 */
export function admission(
  api: Pick<OrderApi, 'backlog' | 'clock' | 'limits' | 'log' | 'stopping'>,
): Admission {
  const { backlog, limits } = api
  const atWork = new Set<Response>()
  const ordering = new Set<Response>()
  let letIn = 0

  function watch(name: string, count: () => Promise<number>) {
    return lookout<Queue>({
      ...api,
      name,
      async look() {
        const counted = letIn - ordering.size
        return { waiting: await count(), counted }
      },
      initial: { waiting: 0, counted: 0 },
      uneasy: () => waiting() > 0,
    })
  }

  const broker = watch('Kafka', () => backlog.commands())
  const store = watch('The store', () => backlog.unpaid())

  function waiting(): number {
    const [commands, unpaid] = [broker.seen(), store.seen()]
    const unseen = letIn - Math.min(commands.counted, unpaid.counted)
    return commands.waiting + unpaid.waiting + unseen
  }

  function refusal(needs: { broker: boolean; room: boolean }): Problem | undefined {
    if (store.down()) {
      return temporary('store-unavailable', 'The database does not answer. Nothing was done.', { retryAfter })
    }
    if (needs.broker && broker.down()) {
      return temporary('broker-unavailable', 'Kafka does not answer. Nothing was done.', { retryAfter })
    }
    if (atWork.size >= limits.inFlight) {
      return temporary('too-busy', 'Too many requests are under way. Nothing was done.', { retryAfter })
    }
    if (needs.room && waiting() >= limits.backlog) {
      return temporary('too-busy', 'Too many orders wait already. Nothing was done.', { retryAfter })
    }
    return undefined
  }

  function admit(needs: { broker: boolean; room: boolean }): RequestHandler {
    return (_req, res, next) => {
      store.wake()
      if (needs.broker) broker.wake()
      const refused = refusal(needs)
      if (refused) throw refused
      enter(res, needs.room)
      next()
    }
  }

  function enter(res: Response, orders: boolean): void {
    atWork.add(res)
    if (orders) {
      ordering.add(res)
      letIn += 1
    }
    res.once('close', () => leave(res))
  }

  function leave(res: Response): void {
    atWork.delete(res)
    ordering.delete(res)
  }

  return {
    toRead: admit({ broker: false, room: false }),
    toCommand: admit({ broker: true, room: false }),
    toOrder: admit({ broker: true, room: true }),
    leave,
  }
}
