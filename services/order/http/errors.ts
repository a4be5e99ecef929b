import type { ErrorRequestHandler, RequestHandler } from 'express'
import { RetryableError } from '#messaging'
import type { Logger } from '#observability'
import { Problem, problems, sendProblem, temporary } from './problems.ts'

/** The last middleware: whatever was thrown becomes a problem document. What is our fault is logged with its cause. */
export function answerProblems(log: Logger): ErrorRequestHandler {
  return (error, req, res, next) => {
    const problem = asProblem(error)
    const { code } = problem
    const cause = problem.extras.cause ?? error
    const status = problems[code][0]
    if (status === 503) log.warn(problem.message, { code, reason: reasonOf(cause) })
    else if (status >= 500) log.error(problem.message, { code, error: cause })
    // Too late for a status: Express cuts the connection, so that the client sees a broken answer as broken.
    if (res.headersSent) return next(error)
    sendProblem(req, res, problem)
  }
}

/** What passes comes by the thousand in an outage: a word is enough, a stack would drown the log. */
function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

/** What no route answers. */
export const routeNotFound: RequestHandler = (req) => {
  throw new Problem('route-not-found', `Nothing is served at ${req.path}; /docs lists what is.`)
}

/** Ends a route: any method that it does not list is refused, with the list. */
export function onlyMethods(...allowed: readonly string[]): RequestHandler {
  return (req) => {
    throw new Problem(
      'method-not-allowed',
      `${req.method} does not work here, ${allowed.join(' and ')} does.`,
      {
        headers: { Allow: allowed.join(', ') },
      },
    )
  }
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof RetryableError) {
    return temporary('store-unavailable', 'The order could not be read or written. Try again.', {
      cause: error,
    })
  }
  return (
    refusedByParser(error) ??
    new Problem('internal-error', 'The request failed; it was logged.', { cause: error })
  )
}

/** Express and its body parser mark what the client did wrong with a 4xx status and a type. Their messages quote the body, so they are not passed on. */
function refusedByParser(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined
  const { status, type } = error as Error & { status: unknown; type?: unknown }
  if (type === 'entity.parse.failed')
    return new Problem('invalid-json', 'The body could not be read as a JSON object.')
  if (status === 413) return new Problem('body-too-large', 'The body is larger than this API takes.')
  if (status === 415) {
    return new Problem('unsupported-media-type', 'The charset or the encoding of the body is not supported.')
  }
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Problem('invalid-request', 'The request could not be read.')
  }
  return undefined
}
