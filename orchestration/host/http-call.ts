import { RetryableError, TerminalError } from '#messaging'
import type { EffectCall } from '../effects/effect.ts'

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
  const signal = AbortSignal.any([call.signal, AbortSignal.timeout(timeout)])
  const headers = { 'content-type': 'application/json', 'idempotency-key': call.idempotencyKey }
  let response: Response
  let text: string
  try {
    // A redirect that is followed may turn a POST into a GET.
    response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers,
      body: JSON.stringify(body),
      signal,
    })
    text = await response.text()
  } catch (error) {
    throw new RetryableError(`${url} did not answer: ${reason(error)}`, {
      cause: error,
      code: 'CHORUS_NO_ANSWER',
    })
  }
  const { status } = response
  if (status < 300) return JSON.parse(text) as Answer
  const refusal = `${url} answered ${status}: ${text.slice(0, 200)}`
  const code = `HTTP_${status}`
  if (status >= 500 || retryableStatus.has(status))
    throw new RetryableError(refusal, { code, retryAfter: retryAfter(response.headers) })
  throw new TerminalError(refusal, { code })
}

const retryableStatus = new Set([408, 409, 425, 429])

/** Nobody may put off a saga for longer with one header. */
const longestRetryAfter = 600_000

/** In ms. A date is taken by the other side's own clock, which its answer tells. */
function retryAfter(headers: Headers): number | undefined {
  const asked = headers.get('retry-after')
  if (asked === null) return undefined
  const seconds = Number(asked)
  const ms = Number.isNaN(seconds)
    ? Date.parse(asked) - Date.parse(headers.get('date') ?? '')
    : seconds * 1_000
  return ms > 0 ? Math.min(ms, longestRetryAfter) : undefined
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
