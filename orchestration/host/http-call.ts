import type { IncomingHttpHeaders } from 'node:http'
import { RetryableError, TerminalError } from '#messaging'
import type { EffectCall } from '../effects/effect.ts'
import { postJson } from './post-json.ts'

export type HttpCall = {
  readonly url: string
  readonly body: unknown
  /** Milliseconds for this one attempt. */
  readonly timeout: number
}

/**
 * An effect's call to the outside: POST JSON under the effect's idempotency key. Resolves with the answer's JSON. A time-out, a broken
 * connection, 408, 409, 425, 429 and 5xx reject with a `RetryableError`, whose `retryAfter` is what the answer's Retry-After asks for;
 * any other refusal with a `TerminalError`.
 */
export async function postEffect<Answer>(
  { url, body, timeout }: HttpCall,
  call: Pick<EffectCall, 'idempotencyKey' | 'signal'>,
): Promise<Answer> {
  const { idempotencyKey, signal } = call
  const headers = { 'idempotency-key': idempotencyKey }
  const reply = await postJson({ url, headers, body, timeout, signal }).catch((cause) => {
    throw new RetryableError(`${url} did not answer: ${reason(cause)}`, { cause, code: 'CHORUS_NO_ANSWER' })
  })
  const { status, text } = reply
  if (status < 300) return JSON.parse(text) as Answer
  const refusal = `${url} answered ${status}: ${text.slice(0, 200)}`
  const code = `HTTP_${status}`
  if (status >= 500 || retryableStatus.has(status))
    throw new RetryableError(refusal, { code, retryAfter: retryAfter(reply.headers) })
  throw new TerminalError(refusal, { code })
}

const retryableStatus = new Set([408, 409, 425, 429])

/** Nobody may put off a saga for longer with one header. */
const longestRetryAfter = 600_000

/** In ms. A date is taken by the other side's own clock, which its answer tells. */
function retryAfter({ 'retry-after': asked, date = '' }: IncomingHttpHeaders): number | undefined {
  if (asked === undefined) return undefined
  const seconds = Number(asked)
  const ms = Number.isNaN(seconds) ? Date.parse(asked) - Date.parse(date) : seconds * 1_000
  return ms > 0 ? Math.min(ms, longestRetryAfter) : undefined
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message || String(error) : String(error)
}
