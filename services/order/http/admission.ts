import type { Request, RequestHandler, Response } from 'express'
import { type IncomingRequest, ignoreRequests } from '#observability'
import type { OrderApi } from './dependencies.ts'
import { lookout } from './lookout.ts'
import { type Problem, sendProblem, temporary } from './problems.ts'

export type Admission = {
  /** Stands before everything else, so that a refusal costs next to nothing. */
  readonly gate: RequestHandler
  /** The request does nothing from here on but wait; it no longer counts as one at work. */
  leave(res: Response): void
}

/** What a request cannot do without, besides the store. */
type Needs = { readonly kafka: boolean; readonly room: boolean }

/** How many wait, and how many orders had been let in by then whose commands the look must have seen. */
type Queue = { readonly waiting: number; readonly counted: number }

/** Made once: thousands a second may be sent. */
const refusals = {
  store: temporary('store-unavailable', 'The database does not answer. Nothing was done.', { retryAfter: 2 }),
  kafka: temporary('broker-unavailable', 'Kafka does not answer. Nothing was done.', { retryAfter: 2 }),
  atWork: temporary('too-busy', 'Too many requests are under way. Nothing was done.', { retryAfter: 2 }),
  waiting: temporary('too-busy', 'Too many orders wait already. Nothing was done.', { retryAfter: 2 }),
}

/**
 * Refuses at once what could not be done in time. Accepting more orders than the services can work off only makes all of them late, until
 * they end by time-out: so the number of those that wait is bounded. It is looked at about once a second; those let in since the
 * last look are added.
 */
export function admission(
  api: Pick<OrderApi, 'backlog' | 'clock' | 'limits' | 'log' | 'stopping'>,
): Admission {
  const { backlog, limits } = api
  const atWork = new Set<Response>()
  const ordering = new Set<Response>()
  const tell = summary(api)
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

  const kafka = watch('Kafka', () => backlog.commands())
  const store = watch('The store', () => backlog.unpaid())

  function waiting(): number {
    const [commands, unpaid] = [kafka.seen(), store.seen()]
    const unseen = letIn - Math.min(commands.counted, unpaid.counted)
    return commands.waiting + unpaid.waiting + unseen
  }

  function refusal(needs: Needs): Problem | undefined {
    store.wake()
    if (needs.kafka) kafka.wake()
    if (store.down()) return refusals.store
    if (needs.kafka && kafka.down()) return refusals.kafka
    if (atWork.size >= limits.inFlight) return refusals.atWork
    if (needs.room && waiting() >= limits.backlog) return refusals.waiting
    return undefined
  }

  function enter(res: Response, { room }: Needs): void {
    atWork.add(res)
    if (room) {
      ordering.add(res)
      letIn += 1
    }
    res.once('close', () => leave(res))
  }

  function leave(res: Response): void {
    atWork.delete(res)
    ordering.delete(res)
  }

  function gate(req: Request, res: Response, next: () => void): void {
    const needs = needsOf(req)
    const refused = needs && refusal(needs)
    if (refused) {
      tell(refused)
      sendProblem(req, res, refused)
      return
    }
    if (needs) enter(res, needs)
    next()
  }

  const traceAll = ignoreRequests((request) => {
    const needs = needsOf(request)
    return needs !== undefined && refusal(needs) !== undefined
  })
  api.stopping.addEventListener('abort', traceAll, { once: true })

  return { gate, leave }
}

/** `undefined` for what does not touch orders. */
function needsOf({ method, url = '/' }: Pick<IncomingRequest, 'method' | 'url'>): Needs | undefined {
  const path = url.split('?', 1)[0] ?? url
  if (!path.startsWith('/orders')) return undefined
  const command = method === 'POST'
  return { kafka: command, room: command && path.length <= '/orders/'.length }
}

/** One line a second at most: a line for each refusal would cost more than the refusal. */
function summary({ clock, log }: Pick<OrderApi, 'clock' | 'log'>): (problem: Problem) => void {
  let requests = 0
  return ({ code }) => {
    requests += 1
    if (requests > 1) return
    clock.schedule(1_000, () => {
      log.warn('requests were refused', { requests, code })
      requests = 0
    })
  }
}
