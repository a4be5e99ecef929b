import express, { type Express, type Router } from 'express'
import helmet from 'helmet'
import type { Logger } from '#observability'
import { healthEndpoints, type Readiness } from '#orchestration'
import { consolePage } from './console.ts'
import { answerProblems, Problem } from './problem.ts'

export type TrackerApp = {
  /** What lies under `/api/v1`. */
  readonly api: readonly Router[]
  readonly readiness: () => Promise<Readiness>
  readonly log: Logger
}

/** The tracker over HTTP. Every answer of the API is JSON, every error `application/problem+json`. */
export function trackerApp({ api, readiness, log }: TrackerApp): Express {
  const health = healthEndpoints(readiness)
  return express()
    .disable('x-powered-by')
    .use(helmet())
    .get(['/livez', '/readyz'], (req, res) => void health(req, res))
    .get('/', (_req, res) => res.redirect('/console'))
    .use('/api/v1', ...api)
    .use(consolePage())
    .use((req) => {
      throw new Problem('route-not-found', `There is no ${req.method} ${req.path} here.`)
    })
    .use(answerProblems(log))
}
