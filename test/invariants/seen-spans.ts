import { telemetryNames } from '#observability'
import type { ReceivedSpan } from '../trace-edges.ts'
import type { SeenSpan } from './evidence.ts'

/** Spans as a receiver of traces has them, as far as the invariants read them. */
export function seenSpans(
  spans: readonly Omit<ReceivedSpan, 'kind' | 'links' | 'start' | 'end' | 'status'>[],
): SeenSpan[] {
  const { sagaId, sagaOutcome } = telemetryNames.attributes
  return spans.map(({ traceId, spanId, parentSpanId, name, service, attributes }) => ({
    traceId,
    spanId,
    ...(parentSpanId !== undefined && { parentSpanId }),
    name,
    service,
    ...(typeof attributes[sagaId] === 'string' && { sagaId: attributes[sagaId] }),
    ...(typeof attributes[sagaOutcome] === 'string' && { outcome: attributes[sagaOutcome] }),
    ...(Number(attributes['http.response.status_code']) >= 400 && { isRefused: true as const }),
  }))
}
