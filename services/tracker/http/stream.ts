import { randomBytes } from 'node:crypto'
import { type Response, Router } from 'express'
import type { Clock } from '#orchestration'
import type { StreamEvent } from '../api.ts'
import { Problem } from './problem.ts'

/** Tells every page that is open what has changed. */
export type EventStream = {
  /** Told once a second at most, all that came meanwhile together. */
  tell(event: StreamEvent): void
  open(res: Response, lastEventId: string | undefined): void
  close(): void
}

const second = 1_000
const heartbeat = 15_000
const clients = 100
/** Events that a client which was away can catch up with. */
const remembered = 300
/** Bytes that wait for a slow client. Then it is cut off, and comes back with the last id that it got. */
const slowest = 256 * 1024
/** Saga ids in one event. */
const named = 500

type Told = { readonly number: number; readonly event: StreamEvent }

export function eventStream(clock: Clock): EventStream {
  // Numbers begin anew with the process; ids of another one are unknown.
  const origin = randomBytes(6).toString('hex')
  const open = new Set<Response>()
  const waiting = new Map<string, StreamEvent>()
  let past: Told[] = []
  let number = 0
  let isScheduled = false

  function tell(event: StreamEvent): void {
    const kind = event.type === 'operation' ? `operation ${event.id}` : event.type
    waiting.set(kind, together(waiting.get(kind), event))
    if (isScheduled) return
    isScheduled = true
    clock.schedule(second, flush)
  }

  function flush(): void {
    isScheduled = false
    const news = [...waiting.values()].map((event) => ({ number: ++number, event }))
    waiting.clear()
    past = [...past, ...news].slice(-remembered)
    for (const res of open) for (const told of news) write(res, text(told))
  }

  const text = ({ number, event }: Told) => `id: ${origin}-${number}\ndata: ${JSON.stringify(event)}\n\n`

  function write(res: Response, chunk: string): void {
    if (res.writableLength > slowest) res.destroy()
    else res.write(chunk)
  }

  /** What came after this id; `undefined` when that is not known any more. */
  function missedSince(lastEventId: string): readonly Told[] | undefined {
    const [from, last] = lastEventId.split('-')
    if (from !== origin || !/^\d+$/.test(last ?? '')) return undefined
    const missed = past.filter(({ number }) => number > Number(last))
    return missed.length === number - Number(last) ? missed : undefined
  }

  function catchUp(res: Response, lastEventId: string): void {
    const missed = missedSince(lastEventId) ?? [{ number, event: { type: 'reset' } as const }]
    for (const told of missed) write(res, text(told))
  }

  return {
    tell,
    open(res, lastEventId) {
      if (open.size >= clients)
        throw new Problem(
          'too-many-streams',
          `${clients} pages follow already; ask every few seconds instead.`,
        )
      let cancel = () => {}
      function beat(): void {
        write(res, ': still here\n\n')
        cancel = clock.schedule(heartbeat, beat)
      }
      res.once('close', () => {
        cancel()
        open.delete(res)
      })
      res.writeHead(200, {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
        // Nginx would hold the events back otherwise.
        'X-Accel-Buffering': 'no',
      })
      res.write('retry: 1000\n')
      beat()
      if (lastEventId !== undefined) catchUp(res, lastEventId)
      open.add(res)
    },
    close() {
      for (const res of open) res.end()
    },
  }
}

function together(before: StreamEvent | undefined, event: StreamEvent): StreamEvent {
  if (event.type !== 'sagas') return event
  const ids = new Set([...(before?.type === 'sagas' ? before.sagaIds : []), ...event.sagaIds])
  const isPartial = event.isPartial || (before?.type === 'sagas' && before.isPartial) || ids.size > named
  return { type: 'sagas', sagaIds: [...ids].slice(0, named), isPartial }
}

/** `GET /stream` */
export function streamRoutes({ stream }: { readonly stream: EventStream }): Router {
  return Router().get('/stream', (req, res) => stream.open(res, req.get('last-event-id')))
}
