import type { ReceivedSpan } from './trace-edges.ts'

/**
 * The spans of a trace, asked of Jaeger's query API (`http://127.0.0.1:16686`); none while Jaeger does not know the trace.
 * Rejects when Jaeger answers anything else than the trace or 404.
 */
export async function readJaegerTrace(queryUrl: string, traceId: string): Promise<readonly ReceivedSpan[]> {
  const response = await fetch(`${queryUrl}/api/traces/${traceId}`, { signal: AbortSignal.timeout(5_000) })
  if (response.status === 404) return []
  if (!response.ok) throw new Error(`Jaeger answered ${response.status}: ${await response.text()}`)
  const { data } = (await response.json()) as { data: readonly JaegerTrace[] }
  return data.flatMap(({ spans, processes }) =>
    spans.map((span) => received(span, processes[span.processID]?.serviceName ?? '')),
  )
}

function received(span: JaegerSpan, service: string): ReceivedSpan {
  const attributes = Object.fromEntries(span.tags.map(({ key, value }) => [key, value]))
  const parent = span.references.find(({ refType }) => refType === 'CHILD_OF')
  const links = span.references.filter((reference) => reference !== parent)
  return {
    traceId: span.traceID,
    spanId: span.spanID,
    ...(parent && { parentSpanId: parent.spanID }),
    name: span.operationName,
    kind: (attributes['span.kind'] as ReceivedSpan['kind'] | undefined) ?? 'unspecified',
    service,
    attributes,
    links: links.map(({ traceID, spanID }) => ({ traceId: traceID, spanId: spanID })),
    start: span.startTime / 1_000,
    end: (span.startTime + span.duration) / 1_000,
    status: statusOf(attributes),
  }
}

function statusOf(attributes: Record<string, unknown>): ReceivedSpan['status'] {
  const code = attributes['otel.status_code']
  const message = attributes['otel.status_description']
  return {
    code: code === 'ERROR' ? 'error' : code === 'OK' ? 'ok' : 'unset',
    ...(typeof message === 'string' && { message }),
  }
}

type JaegerTrace = {
  readonly spans: readonly JaegerSpan[]
  readonly processes: Readonly<Record<string, { readonly serviceName: string }>>
}
type JaegerSpan = {
  readonly traceID: string
  readonly spanID: string
  readonly operationName: string
  readonly references: readonly Reference[]
  /** Epoch microseconds. */
  readonly startTime: number
  /** Microseconds. */
  readonly duration: number
  readonly tags: readonly { readonly key: string; readonly value: unknown }[]
  readonly processID: string
}
type Reference = {
  readonly refType: 'CHILD_OF' | 'FOLLOWS_FROM'
  readonly traceID: string
  readonly spanID: string
}
