/** Why a request did not get what it asked for: the problem's own code and words, or `unreachable`. */
export class RequestError extends Error {
  readonly code: string
  readonly status: number | null

  constructor(message: string, code: string, status: number | null) {
    super(message)
    this.code = code
    this.status = status
  }
}

const limit = 15_000

/** `GET /api/v1<path>`. Rejects with a `RequestError`. */
export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return ask<T>(path, { signal: signal ?? null })
}

/** `POST /api/v1<path>`; `token` is the one of the settings. Rejects with a `RequestError`. */
export function post<T>(path: string, body: unknown, token: string | null): Promise<T> {
  return ask<T>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-chorus-token': token ?? '' },
    body: JSON.stringify(body),
  })
}

async function ask<T>(path: string, request: RequestInit): Promise<T> {
  const signals = [AbortSignal.timeout(limit), request.signal].filter((signal) => signal != null)
  const response = await fetch(`/api/v1${path}`, { ...request, signal: AbortSignal.any(signals) }).catch(
    (error: Error) => {
      throw new RequestError(error.message, error.name === 'AbortError' ? 'aborted' : 'unreachable', null)
    },
  )
  if (response.ok) return (await response.json()) as T
  const problem = (await response.json().catch(() => ({}))) as Partial<
    Record<'code' | 'detail' | 'title', string>
  >
  throw new RequestError(
    problem.detail ?? problem.title ?? `The tracker answered ${response.status}.`,
    problem.code ?? 'unknown',
    response.status,
  )
}
