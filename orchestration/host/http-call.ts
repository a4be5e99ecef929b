import { RetryableError, TerminalError } from '#messaging'
import type { EffectCall } from '../effect.ts'

export type HttpCall = {
  readonly url: string
  readonly body: unknown
  /** Milliseconds for this one attempt. */
  readonly timeout: number
}

/**
 * An effect's call to the outside: POST JSON under the effect's idempotency key. Resolves with the answer's JSON. A time-out, a broken
 * connection, 408, 409, 425, 429 and 5xx reject with a `RetryableError`; any other refusal with a `TerminalError`.
 */
export async function postEffect<Answer>(
  { url, body, timeout }: HttpCall,
  call: Pick<EffectCall, 'idempotencyKey' | 'signal'>,
): Promise<Answer> {
  const signal = AbortSignal.any([call.signal, AbortSignal.timeout(timeout)])
  const headers = { 'content-type': 'application/json', 'idempotency-key': call.idempotencyKey }
  let status: number
  let text: string
  try {
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal })
    status = response.status
    text = await response.text()
  } catch (error) {
    throw new RetryableError(`${url} did not answer: ${reason(error)}`, {
      cause: error,
      code: 'CHORUS_NO_ANSWER',
    })
  }
  if (status < 300) return JSON.parse(text) as Answer
  const refusal = `${url} answered ${status}: ${text.slice(0, 200)}`
  if (status >= 500 || retryableStatus.has(status))
    throw new RetryableError(refusal, { code: `HTTP_${status}` })
  throw new TerminalError(refusal, { code: `HTTP_${status}` })
}

const retryableStatus = new Set([408, 409, 425, 429])

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
