import { setTimeout as pause } from 'node:timers/promises'
import { Refusal } from '#orchestration/operations'
import { Problem } from '../../infra/problem.ts'
import type { StreamEvent } from '../../services/tracker/api.ts'

/** The tracker's API, as the command line asks it. */
export type Tracker = {
  /** Throws a `Refusal` in the API's own words when it says no, and a `Problem` when it does not answer. */
  get<Answer>(path: string, query?: Query): Promise<Answer>
  /** What changes, until the signal; comes back by itself when the connection breaks, and gives up like `get` when nothing answers. */
  follow(signal: AbortSignal): AsyncGenerator<StreamEvent>
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>

const patience = 15_000

export function trackerAt(address: string): Tracker {
  async function ask(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(`${address}/api/v1${path}`, init)
    } catch (cause) {
      init.signal?.throwIfAborted()
      throw new Problem('The tracker does not answer.', {
        why: `GET ${address}/api/v1${path}: ${reasonOf(cause)}`,
        fix: 'npm start   (or npm run doctor, where it should run)',
        or: 'TRACKER_URL=http://… ./chorus …   (./chorus saga show needs no tracker)',
        cause,
      })
    }
  }

  return {
    async get<Answer>(path: string, query: Query = {}): Promise<Answer> {
      const given = Object.entries(query).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, String(value)] as [string, string]],
      )
      const search = given.length > 0 ? `?${new URLSearchParams(given)}` : ''
      const response = await ask(path + search, { signal: AbortSignal.timeout(patience) })
      const body: unknown = await response.json().catch(() => ({}))
      if (response.ok) return body as Answer
      throw new Refusal(
        (body as { readonly detail?: string }).detail ?? `The tracker answers ${response.status}.`,
      )
    },
    async *follow(signal) {
      let last: string | undefined
      while (!signal.aborted) {
        const headers: Record<string, string> = last === undefined ? {} : { 'last-event-id': last }
        const response = await ask('/stream', { headers, signal })
        for await (const { id, data } of eventsIn(response)) {
          last = id
          yield JSON.parse(data)
        }
        await pause(1_000, undefined, { signal })
      }
    },
  }
}

/** Server-sent events, until the connection ends or breaks. */
async function* eventsIn({ body }: Response): AsyncGenerator<{ readonly id: string; readonly data: string }> {
  let text = ''
  try {
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const parts = (text + chunk).split('\n\n')
      text = parts.pop() ?? ''
      for (const part of parts) {
        const [, id = ''] = /^id: (.*)$/m.exec(part) ?? []
        const [, data] = /^data: (.*)$/m.exec(part) ?? []
        if (data !== undefined) yield { id, data }
      }
    }
  } catch (error) {
    if ((error as Error).name === 'AbortError') return
    if (!(error instanceof TypeError)) throw error
  }
}

/** `fetch` says only "fetch failed"; its cause knows more. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: Error & { code?: string } }
  return cause?.message || cause?.code || message
}
