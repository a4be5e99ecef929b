import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerWithMetrics } from '#observability'
import type { Readiness } from './infrastructure.ts'

export type HttpServer = {
  /** Base URL, with the port that was really taken. */
  readonly address: string
  /** Takes no new connections, lets running requests end, and cuts what is left after 2 s. */
  close(): Promise<void>
}

/**
 * How long an idle connection is kept, in ms: longer than proxies keep theirs, or a request meets a connection that is just being
 * closed. A busy process opens new ones slowly, one per turn of its event loop.
 */
const idleLimit = 65_000

/** Serves on 127.0.0.1, and `/metrics` beside what `listener` answers. Port 0 takes a free one. Rejects when the port is taken. */
export function serveHttp(listener: RequestListener, port: number): Promise<HttpServer> {
  const server = createServer({ keepAliveTimeout: idleLimit }, (request, response) =>
    pathOf(request) === '/metrics' ? answerWithMetrics(request, response) : listener(request, response),
  )
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const { port: taken } = server.address() as AddressInfo
      resolve({ address: `http://127.0.0.1:${taken}`, close })
    })
  })

  function close(): Promise<void> {
    return new Promise((resolve) => {
      const cut = setTimeout(() => server.closeAllConnections(), 2_000)
      server.close(() => {
        clearTimeout(cut)
        resolve()
      })
      server.closeIdleConnections()
    })
  }
}

/** `/livez`: the process answers. `/readyz`: 200 when every check passes, else 503; the body says what is missing. */
export function healthEndpoints(readiness: () => Promise<Readiness>): RequestListener {
  return async (request, response) => {
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    const path = pathOf(request)
    if (path === '/livez') return answer(200, { status: 'live' })
    if (path !== '/readyz') return answer(404, { status: 'not found' })
    const checks = await readiness()
    const ready = Object.values(checks).every((state) => state === true)
    answer(ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', checks })
  }
}

function pathOf({ url }: IncomingMessage): string | undefined {
  return url?.split('?', 1)[0]
}
