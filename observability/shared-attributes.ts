import { type Context, createContextKey } from '@opentelemetry/api'
import type { SpanProcessor } from '@opentelemetry/sdk-trace'
import type { Attributes } from './span.ts'

const key = createContextKey('attributes that all spans of this work share')

/** The context in which spans begin with these attributes. */
export function withShared(context: Context, attributes: Attributes): Context {
  return context.setValue(key, attributes)
}

/** Gives spans the attributes that the work they belong to shares: also those of instrumentations, which know nothing of sagas. */
export const sharedAttributes: SpanProcessor = {
  onStart(span, parent) {
    const shared = parent.getValue(key) as Attributes | undefined
    if (shared) span.setAttributes(shared)
  },
  onEnd() {},
  forceFlush: async () => {},
  shutdown: async () => {},
}
