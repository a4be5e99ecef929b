import express, { type ErrorRequestHandler, type Express } from 'express'
import helmet from 'helmet'
import { RetryableError } from '#messaging'
import type { Logger } from '#observability'
import { type Definitions, healthEndpoints, type Readiness, type StoryStore } from '#orchestration'
import { Problem, sendProblem } from './problem.ts'
import { listSagas, showSaga } from './sagas.ts'

/** What the API reads from. It only reads. */
export type TrackerApi = {
  readonly store: StoryStore
  readonly definitions: Definitions
  readonly readiness: () => Promise<Readiness>
  readonly log: Logger
  /** Epoch milliseconds. */
  readonly now: () => number
}

/** The tracker's API, ready to be given to an HTTP server. Every answer is JSON, every error `application/problem+json`. */
export function trackerApi(api: TrackerApi): Express {
  const health = healthEndpoints(api.readiness)
  return express()
    .disable('x-powered-by')
    .use(helmet())
    .get(['/livez', '/readyz'], (req, res) => void health(req, res))
    .get('/sagas', listSagas(api))
    .get('/sagas/:sagaId', showSaga(api))
    .get('/definitions', (_req, res) => void res.json({ definitions: api.definitions.all() }))
    .use((req) => {
      throw new Problem('route-not-found', `There is no ${req.method} ${req.path} here.`)
    })
    .use(answerProblems(api.log))
}

function answerProblems(log: Logger): ErrorRequestHandler {
  return (error, req, res, next) => {
    if (res.headersSent) return next(error)
    const problem = problemOf(error)
    if (problem !== error) log.error('a request failed', { method: req.method, path: req.path, error })
    sendProblem(res, problem)
  }
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof URIError) return new Problem('invalid-request', 'The address is not well-formed.')
  if (error instanceof RetryableError)
    return new Problem('store-unavailable', 'The stories cannot be read now. Try again.')
  return new Problem('internal-error', 'The log of the tracker says more.')
}
