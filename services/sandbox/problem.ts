import type { Response } from 'express'
import type { ZodType } from 'zod'

const problems = {
  'invalid-request': [400, 'The request is not valid'],
  'idempotency-key-missing': [400, 'The header Idempotency-Key is missing'],
  'route-not-found': [404, 'There is nothing at this address'],
  'idempotency-key-reused': [422, 'The idempotency key belongs to another request'],
  'refused-on-purpose': [422, 'This refusal was ordered'],
  'failed-on-purpose': [500, 'This failure was ordered'],
  'internal-error': [500, 'The sandbox is broken'],
  outage: [503, 'This outage was ordered'],
  'ledger-broken': [503, 'The ledger cannot be written'],
} as const satisfies Record<string, readonly [status: number, title: string]>

/** Thrown by whatever answers a request; becomes an `application/problem+json` document. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: keyof typeof problems
  constructor(code: keyof typeof problems, detail: string) {
    super(detail)
    this.code = code
  }
}

export function sendProblem(response: Response, problem: Problem): void {
  const [status, title] = problems[problem.code]
  const document = { type: 'about:blank', title, status, detail: problem.message, code: problem.code }
  response.status(status).type('application/problem+json').send(JSON.stringify(document))
}

/** The value as the schema knows it. Throws a `Problem` that names every wrong field. */
export function parse<T>(schema: ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`)
  throw new Problem('invalid-request', faults.join('; '))
}
