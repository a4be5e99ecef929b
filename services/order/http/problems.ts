import type { Request, Response } from 'express'
import { activeTraceContext } from '#observability'
import type { ProblemDocument } from './schemas.ts'

/** Every way in which this API says no: status and title by code. `docs/problems.md` says of each what to do about it. */
export const problems = {
  'invalid-request': [400, 'The request is not valid'],
  'invalid-json': [400, 'The body is not JSON'],
  'invalid-cursor': [400, 'The cursor was not made by this API'],
  'idempotency-key-missing': [400, 'The header Idempotency-Key is missing'],
  'idempotency-key-invalid': [400, 'The header Idempotency-Key is not valid'],
  'order-not-found': [404, 'There is no such order'],
  'route-not-found': [404, 'There is nothing at this address'],
  'method-not-allowed': [405, 'This method does not work here'],
  'order-already-ended': [409, 'The order has already ended'],
  'body-too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, 'The body must be JSON'],
  'idempotency-key-expired': [422, 'The idempotency key is too old'],
  'idempotency-key-reused': [422, 'The idempotency key belongs to another request'],
  'unknown-sku': [422, 'The shop does not sell this'],
  'too-many-requests': [429, 'Too many requests'],
  'internal-error': [500, 'Something is broken on this side'],
  'outcome-unknown': [503, 'It is not known whether the command was stored'],
  'broker-unavailable': [503, 'Kafka does not answer'],
  'store-unavailable': [503, 'The store does not answer'],
  'too-busy': [503, 'There is more to do than can be done in time'],
  'too-many-streams': [503, 'Too many clients are listening'],
  'not-ready': [503, 'The service is not ready'],
} as const satisfies Record<string, readonly [status: number, title: string]>

export type ProblemCode = keyof typeof problems

/** Where a problem is explained: the path of the page in the repository and on this server. */
export const problemsPage = '/docs/problems.md'

export type ProblemExtras = {
  readonly errors?: NonNullable<ProblemDocument['errors']>
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

/** Thrown by a handler to answer with a problem. `detail` is for the reader of this one answer; it never holds personal data. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ProblemCode
  readonly extras: ProblemExtras
  constructor(code: ProblemCode, detail: string, extras: ProblemExtras = {}) {
    super(detail, { cause: extras.cause })
    this.code = code
    this.extras = extras
  }
}

/** A problem that goes away by itself; the client should come back after so many seconds. */
export function temporary(
  code: ProblemCode,
  detail: string,
  extras: ProblemExtras & { retryAfter?: number } = {},
): Problem {
  const { retryAfter = 1, headers, ...rest } = extras
  return new Problem(code, detail, { ...rest, headers: { 'Retry-After': String(retryAfter), ...headers } })
}

/** Answers with the RFC 9457 document of the problem; `more` are extension members. */
export function sendProblem(
  req: Request,
  res: Response,
  problem: Problem,
  more: Readonly<Record<string, unknown>> = {},
): void {
  const [status, title] = problems[problem.code]
  const traceId = activeTraceContext().traceparent?.split('-')[1]
  const document: ProblemDocument = {
    type: `${problemsPage}#${problem.code}`,
    title,
    status,
    detail: problem.message,
    instance: req.originalUrl.split('?', 1)[0] ?? '/',
    code: problem.code,
    ...(problem.extras.errors && { errors: problem.extras.errors }),
    ...(traceId && { traceId }),
  }
  // Past Express, which takes as long for it as for all the rest of a refusal.
  const text = JSON.stringify({ ...document, ...more })
  const headers = { 'Content-Type': 'application/problem+json; charset=utf-8', ...problem.extras.headers }
  res.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(text) }).end(text)
}

export function orderNotFound(orderId: string): Problem {
  return new Problem('order-not-found', `Nobody has placed an order ${orderId}.`)
}
