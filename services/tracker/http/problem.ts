import type { Response } from 'express'

const problems = {
  'invalid-query': { status: 400, title: 'The query cannot be used', code: 'CHORUS_INVALID_QUERY' },
  'not-found': { status: 404, title: 'Nothing is here', code: 'CHORUS_NOT_FOUND' },
  'unknown-saga': { status: 404, title: 'The saga is not known', code: 'CHORUS_UNKNOWN_SAGA' },
  unavailable: { status: 503, title: 'The tracker cannot answer now', code: 'CHORUS_UNAVAILABLE' },
} as const

/** An error that the caller is told. `detail` is a sentence for people. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly kind: keyof typeof problems
  constructor(kind: keyof typeof problems, detail: string, options?: ErrorOptions) {
    super(detail, options)
    this.kind = kind
  }
}

/** Answers as RFC 9457 says. */
export function sendProblem(res: Response, { kind, message }: Problem): void {
  const { status, title, code } = problems[kind]
  res
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', status, title, code, detail: message }))
}
