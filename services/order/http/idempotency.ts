import { createHash } from 'node:crypto'
import type { Request } from 'express'
import { Problem } from './problems.ts'

/**
 * The `Idempotency-Key` of a request (draft-ietf-httpapi-idempotency-key-header): a quoted string by the draft, and taken unquoted
 * as well, since most clients send it so. `undefined` when there is none.
 */
export function idempotencyKey(req: Request): string | undefined {
  const header = req.get('Idempotency-Key')
  if (header === undefined) return undefined
  const key = /^"(.*)"$/.exec(header.trim())?.[1] ?? header.trim()
  if (!/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/.test(key)) {
    throw new Problem(
      'idempotency-key-invalid',
      'A key is 1 to 200 visible ASCII characters without quotes, backslashes and blanks, for example a UUID.',
    )
  }
  return key
}

export function requiredIdempotencyKey(req: Request): string {
  const key = idempotencyKey(req)
  if (key !== undefined) return key
  throw new Problem(
    'idempotency-key-missing',
    'Send a new unique Idempotency-Key (a UUID) with every order, and the same one when you repeat the request.',
  )
}

/** The same for equal bodies, whatever their spelling. Takes a validated body: validation puts the fields in one order. */
export function fingerprint(body: unknown): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('base64url')
}
