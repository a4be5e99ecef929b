import type { RequestHandler } from 'express'
import type { OrderApi, Readiness } from './dependencies.ts'
import { sendProblem, temporary } from './problems.ts'

/** `GET /livez`: the process answers. It says nothing about others, so that a broker's fall does not restart every service. */
export const livez: RequestHandler = (_req, res) => {
  res.json({ status: 'live' })
}

/** `GET /readyz`: 200 when every check passes, else 503 with what is missing. */
export function readyz(api: Pick<OrderApi, 'readiness' | 'clock' | 'limits' | 'stopping'>): RequestHandler {
  return async (req, res) => {
    const found = Object.entries(await check(api))
    const checks = Object.fromEntries(found.map(([name, state]) => [name, state === true ? 'ok' : state]))
    const missing = found.filter(([, state]) => state !== true).map(([name]) => name)
    if (missing.length === 0) res.json({ status: 'ready', checks })
    else sendProblem(req, res, temporary('not-ready', `Missing: ${missing.join(', ')}.`), { checks })
  }
}

function check({ readiness, clock, limits, stopping }: Parameters<typeof readyz>[0]): Promise<Readiness> {
  if (stopping.aborted) return Promise.resolve({ process: 'is stopping' })
  return new Promise((resolve) => {
    const fail = (why: string) => resolve({ checks: why })
    const cancel = clock.schedule(limits.readinessMs, () => fail(`no answer within ${limits.readinessMs} ms`))
    readiness()
      .then(resolve, (error: unknown) => fail(error instanceof Error ? error.message : String(error)))
      .finally(cancel)
  })
}
