import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { TracerProvider } from '@opentelemetry/sdk-trace'
import type { SeenSpan } from './evidence.ts'
import { seenSpans } from './seen-spans.ts'

/** Every span that ends in this process, until it is stopped. */
export type RecordedSpans = { ended(): SeenSpan[]; stop(): void }

/** Tracing as in a service, but the spans stay here. */
export function recordSpans(): RecordedSpans {
  const spans: SeenSpan[] = []
  const provider = new TracerProvider({
    spanProcessors: [
      {
        onStart() {},
        onEnd(span) {
          const { name, attributes, parentSpanContext } = span
          const { traceId, spanId } = span.spanContext()
          const parentSpanId = parentSpanContext?.spanId
          const parent = parentSpanId === undefined ? {} : { parentSpanId }
          spans.push(...seenSpans([{ traceId, spanId, ...parent, name, service: 'shop', attributes }]))
        },
        forceFlush: async () => {},
        shutdown: async () => {},
      },
    ],
  })
  trace.setGlobalTracerProvider(provider)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager())
  return {
    ended: () => spans,
    stop() {
      trace.disable()
      context.disable()
    },
  }
}
