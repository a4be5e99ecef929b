import { isSpanContextValid, type SpanContext } from '@opentelemetry/api'
import { parseTraceParent, TraceState } from '@opentelemetry/core'

/** W3C trace context as text, as it travels in headers and rests in journal rows. */
export type TraceContext = { readonly traceparent?: string; readonly tracestate?: string }

/** `undefined` for a context that is empty or not well-formed: a foreign header must never break a saga. */
export function parseTraceContext({ traceparent, tracestate }: TraceContext): SpanContext | undefined {
  const spanContext = traceparent ? parseTraceParent(traceparent) : null
  if (!spanContext) return undefined
  spanContext.isRemote = true
  if (tracestate) spanContext.traceState = new TraceState(tracestate)
  return spanContext
}

/** Whether both are contexts of one trace; an empty one is of any. */
export function isSameTrace({ traceparent: a }: TraceContext, { traceparent: b }: TraceContext): boolean {
  return a === undefined || b === undefined || a.slice(3, 35) === b.slice(3, 35)
}

/** The empty context for a span of which nothing is known, as before tracing has started. */
export function formatTraceContext(spanContext: SpanContext | undefined): TraceContext {
  if (!spanContext || !isSpanContextValid(spanContext)) return {}
  const { traceId, spanId, traceFlags, traceState } = spanContext
  const traceparent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
  const tracestate = traceState?.serialize()
  return tracestate ? { traceparent, tracestate } : { traceparent }
}
