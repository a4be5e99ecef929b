import type { Response } from 'express'

/** Every way in which this API says no: status and title by code. */
const problems = {
  'invalid-request': [400, 'The request is not valid'],
  'invalid-cursor': [400, 'The cursor was not made by this API'],
  'saga-not-found': [404, 'The saga is not known'],
  'route-not-found': [404, 'There is nothing at this address'],
  'internal-error': [500, 'Something is broken on this side'],
  'store-unavailable': [503, 'The store does not answer'],
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
export function sendProblem(response: Response, { code, message }: Problem): void {
  const [status, title] = problems[code]
  const document = { type: 'about:blank', title, status, detail: message, code }
  response.status(status).type('application/problem+json').send(JSON.stringify(document))
}
