import { type RequestHandler, Router } from 'express'
import { z } from 'zod'
import type { Definitions } from '#orchestration'
import type { TraceView } from '../api.ts'
import { Problem } from './problem.ts'

export type TracesApi = {
  /** Base of Jaeger's query API; absent when traces are not kept. */
  readonly jaeger: string | undefined
  readonly definitions: Pick<Definitions, 'newest'>
  /** When the saga began, in epoch ms; `undefined` for one that is not known. */
  readonly beganAt: (sagaId: string) => Promise<number | undefined>
  readonly now: () => number
}

type Span = TraceView['spans'][number]

/** Of one service and saga. */
const traces = 50
const patience = 5_000
/** Clocks differ, and the first span begins before the first step. */
const margin = 60_000

/** `GET /sagas/{id}/trace` */
export function traceRoutes(api: TracesApi): Router {
  return Router().get('/sagas/:sagaId/trace', showTrace(api))
}

function showTrace({ jaeger, definitions, beganAt, now }: TracesApi): RequestHandler<{ sagaId: string }> {
  return async (req, res) => {
    const { sagaId } = req.params
    if (!jaeger) throw unavailable('Traces are not kept here: the tracker was started without JAEGER_URL.')
    const began = await beganAt(sagaId)
    if (began === undefined) throw new Problem('saga-not-found', `Nothing is known of saga "${sagaId}".`)
    const span = { start: began - margin, end: now() + margin }
    const services = definitions.newest().map(({ participant }) => participant)
    const found = await Promise.all(services.map((service) => search(jaeger, { service, sagaId, ...span })))
    const answer: TraceView = { spans: inOrder(found.flat()), link: await pageOf(jaeger) }
    res.json(answer)
  }
}

/** All spans of the traces in which this service worked on the saga. */
async function search(
  jaeger: string,
  { service, sagaId, start, end }: { service: string; sagaId: string; start: number; end: number },
): Promise<readonly Found[]> {
  const query = new URLSearchParams({
    service,
    tags: JSON.stringify({ 'saga.id': sagaId }),
    start: String(start * 1_000),
    end: String(end * 1_000),
    limit: String(traces),
  })
  const { data } = answerShape.parse(await ask(`${jaeger}/api/traces?${query}`))
  return data.flatMap(({ spans, processes }) =>
    spans.map((span) => ({ ...span, service: processes[span.processID]?.serviceName ?? '' })),
  )
}

async function ask(url: string): Promise<unknown> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(patience) })
    if (response.ok) return await response.json()
    throw new Error(`it answers ${response.status}`)
  } catch (cause) {
    throw unavailable(`Jaeger cannot be asked: ${(cause as Error).message}.`, cause)
  }
}

const unavailable = (detail: string, cause?: unknown) => new Problem('traces-unavailable', detail, { cause })

/** Jaeger can run without its page; then there is nothing to link to. */
async function pageOf(jaeger: string): Promise<string | null> {
  const page = await fetch(jaeger, { signal: AbortSignal.timeout(patience) }).then(
    (response) => response.text(),
    () => '',
  )
  return page.includes('jaeger-ui-root') ? `${jaeger}/trace/{traceId}` : null
}

const spanShape = z.object({
  traceID: z.string(),
  spanID: z.string(),
  operationName: z.string(),
  processID: z.string(),
  /** Epoch microseconds. */
  startTime: z.number(),
  /** Microseconds. */
  duration: z.number(),
  references: z.array(z.object({ refType: z.string(), spanID: z.string() })).default([]),
  tags: z.array(z.object({ key: z.string(), value: z.unknown() })).default([]),
})

const answerShape = z.object({
  data: z.array(
    z.object({
      spans: z.array(spanShape),
      processes: z.record(z.string(), z.object({ serviceName: z.string() })),
    }),
  ),
})

type Found = z.output<typeof spanShape> & { readonly service: string }

/** Each span once, by its start. */
function inOrder(found: readonly Found[]): readonly Span[] {
  const once = [...new Map(found.map((span) => [`${span.traceID}/${span.spanID}`, span])).values()]
  once.sort((a, b) => a.startTime - b.startTime)
  const first = once[0]?.startTime ?? 0
  return once.map((span) => {
    const attributes = Object.fromEntries(span.tags.map(({ key, value }) => [key, String(value)]))
    return {
      traceId: span.traceID,
      spanId: span.spanID,
      parentId: span.references.find(({ refType }) => refType === 'CHILD_OF')?.spanID ?? null,
      service: span.service,
      name: span.operationName,
      startedAt: new Date(span.startTime / 1_000).toISOString(),
      offset: (span.startTime - first) / 1_000,
      duration: span.duration / 1_000,
      isError: attributes['otel.status_code'] === 'ERROR' || attributes.error === 'true',
      attributes,
    }
  })
}
