import { useCallback, useEffect, useRef, useState } from 'react'
import type { StreamEvent } from '../../services/tracker/api.ts'
import { useChanges } from './live.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { get, RequestError } from './request.ts'

export type Query<T> = {
  /** The last answer; it stays while the next one is on its way, and when that fails. */
  readonly data: T | undefined
  readonly error: RequestError | undefined
  readonly refresh: () => void
}

/** What was seen last, so that going back shows it at once. */
const seen = new Map<string, unknown>()
const seenAtMost = 100

/** What failed for a while is asked for again, in ms. */
const patience = 5_000

/** `GET /api/v1<path>`; again whenever a change concerns it, and after a failure that may pass. */
export function useQuery<T>(path: string, concerns: (change: StreamEvent) => boolean = never): Query<T> {
  const [answer, setAnswer] = useState<Answer<T>>(() => remembered(path))
  const ask = useRef<() => void>(() => {})
  const refresh = useCallback(() => ask.current(), [])

  useEffect(() => {
    const leaving = new AbortController()
    setAnswer((before) => (resourceOf(before.path) === resourceOf(path) ? before : remembered<T>(path)))
    ask.current = oneAtATime(async () => {
      if (leaving.signal.aborted) return
      const next = await answered<T>(path, leaving.signal)
      if (!leaving.signal.aborted) setAnswer((before) => ({ ...before, ...next, path }))
    })
    ask.current()
    return () => leaving.abort()
  }, [path])

  useChanges((change) => {
    if (change.type === 'reset' || concerns(change)) refresh()
  })

  const { data, error } = answer
  useEffect(() => {
    if (!error || !mayPass(error)) return
    const timer = setTimeout(refresh, patience)
    return () => clearTimeout(timer)
  }, [error, refresh])

  return { data, error, refresh }
}

type Answer<T> = {
  readonly path: string
  readonly data: T | undefined
  readonly error: RequestError | undefined
}

async function answered<T>(path: string, signal: AbortSignal): Promise<Partial<Answer<T>>> {
  try {
    const data = await get<T>(path, signal)
    seen.delete(path)
    seen.set(path, data)
    for (const oldest of [...seen.keys()].slice(0, Math.max(0, seen.size - seenAtMost))) seen.delete(oldest)
    return { data, error: undefined }
  } catch (error) {
    return { error: error instanceof RequestError ? error : new RequestError(String(error), 'unknown', null) }
  }
}

function remembered<T>(path: string): Answer<T> {
  return { path, data: seen.get(path) as T | undefined, error: undefined }
}

/** Another filter of the same list keeps the old rows until the new ones are there. */
function resourceOf(path: string): string | undefined {
  return path.split('?')[0]
}

function mayPass({ status }: RequestError): boolean {
  return status === null || status >= 500
}

function never(): boolean {
  return false
}
