import type { ErrorRequestHandler, Response } from 'express'
import { RetryableError } from '#messaging'
import type { Logger } from '#observability'

/** Every way in which this API says no: status and title by code. */
const problems = {
  'invalid-request': [400, 'The request is not valid'],
  'invalid-cursor': [400, 'The cursor was not made by this API'],
  'read-only': [403, 'Nothing can be changed from here'],
  'foreign-origin': [403, 'The request comes from another page'],
  'wrong-token': [403, 'The token is missing or wrong'],
  'letter-not-found': [404, 'The dead letter is not known'],
  'operation-not-found': [404, 'The operation is not known'],
  'saga-not-found': [404, 'The saga is not known'],
  'route-not-found': [404, 'There is nothing at this address'],
  refused: [409, 'It cannot be done'],
  'unsupported-media-type': [415, 'The body is no JSON'],
  'internal-error': [500, 'Something is broken on this side'],
  'store-unavailable': [503, 'The store does not answer'],
  'traces-unavailable': [503, 'The traces cannot be had'],
  'too-many-streams': [503, 'Too many follow already'],
} as const satisfies Record<string, readonly [status: number, title: string]>

/** Thrown by a handler to answer with a problem. `detail` is a sentence for the reader of this one answer. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: keyof typeof problems
  constructor(code: keyof typeof problems, detail: string, options?: ErrorOptions) {
    super(detail, options)
    this.code = code
  }
}

/** Answers as RFC 9457 says. */
function sendProblem(response: Response, { code, message }: Problem): void {
  const [status, title] = problems[code]
  const document = { type: 'about:blank', title, status, detail: message, code }
  response.status(status).type('application/problem+json').send(JSON.stringify(document))
}

/** The last middleware: whatever was thrown becomes a problem document. What is our fault is logged with its cause. */
export function answerProblems(log: Logger): ErrorRequestHandler {
  return (error, req, res, next) => {
    if (res.headersSent) return next(error)
    const problem = problemOf(error)
    if (problem.code === 'internal-error' || problem.code === 'store-unavailable')
      log.error('a request failed', { method: req.method, path: req.path, error })
    sendProblem(res, problem)
  }
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof URIError) return new Problem('invalid-request', 'The address is not well-formed.')
  if (error instanceof RetryableError)
    return new Problem('store-unavailable', 'What it stands on does not answer now. Try again.')
  if (isRefusedByParser(error)) return new Problem('invalid-request', 'The body could not be read.')
  return new Problem('internal-error', 'The log of the tracker says more.')
}

/** Express and its parsers mark what the client did wrong with a 4xx status. Their messages quote the body, so they are not passed on. */
function isRefusedByParser(error: unknown): boolean {
  const { status } = (error ?? {}) as { readonly status?: unknown }
  return typeof status === 'number' && status >= 400 && status < 500
}
