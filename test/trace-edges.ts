/** A span as a receiver of traces knows it, whatever the receiver. */
export type ReceivedSpan = {
  readonly traceId: string
  readonly spanId: string
  /** Absent for the root of a trace. */
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer' | 'unspecified'
  readonly service: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[]
  /** Epoch milliseconds, with microseconds as their fraction. */
  readonly start: number
  readonly end: number
  readonly status: { readonly code: 'unset' | 'ok' | 'error'; readonly message?: string }
}

/**
 * Who caused whom: `<service>: <name> → <service>: <name>` for every parent and child that both are among these spans,
 * each edge once, sorted.
 */
export function edges(spans: readonly ReceivedSpan[]): readonly string[] {
  const byId = new Map(spans.map((span) => [spanKey(span.traceId, span.spanId), span]))
  const found = new Set<string>()
  for (const span of spans) {
    const parent = byId.get(spanKey(span.traceId, span.parentSpanId))
    if (parent) found.add(`${label(parent)} → ${label(span)}`)
  }
  return [...found].sort()
}

/** Spans that name a parent which is not among these spans: a trace with one of them is torn. */
export function orphans(spans: readonly ReceivedSpan[]): readonly ReceivedSpan[] {
  const ids = new Set(spans.map((span) => spanKey(span.traceId, span.spanId)))
  return spans.filter((span) => span.parentSpanId && !ids.has(spanKey(span.traceId, span.parentSpanId)))
}

function label(span: ReceivedSpan): string {
  return `${span.service}: ${span.name}`
}

function spanKey(traceId: string, spanId: string | undefined): string {
  return `${traceId}/${spanId}`
}
