import { TraceFlags } from '@opentelemetry/api'
import { ExportResultCode } from '@opentelemetry/core'
import { BatchSpanProcessor, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace'

/** Spans that wait for or are in an export. The processor's own default, 2,048, loses half of a burst. */
const CAPACITY = 65_536
const BATCH = 4_096
const DELAY_MS = 500

/**
 * Sends ended spans in batches. `onLost` hears of every span that did not arrive: the batch processor itself drops spans
 * without a word, so the queue's bound is kept here.
 */
export function batchedExport(
  exporter: SpanExporter,
  onLost: (spans: number, reason: string) => void,
): SpanProcessor & { readonly waiting: number } {
  let waiting = 0
  const batches = new BatchSpanProcessor({
    maxQueueSize: CAPACITY,
    maxExportBatchSize: BATCH,
    scheduledDelayMillis: DELAY_MS,
    exporter: {
      export(spans, done) {
        exporter.export(spans, (result) => {
          waiting -= spans.length
          if (result.code !== ExportResultCode.SUCCESS)
            onLost(spans.length, result.error?.message ?? 'export failed')
          done(result)
        })
      },
      shutdown: () => exporter.shutdown(),
    },
  })
  return {
    get waiting() {
      return waiting
    },
    onStart() {},
    onEnd(span) {
      if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return
      if (waiting >= CAPACITY) return onLost(1, 'the queue is full')
      waiting += 1
      batches.onEnd(span)
    },
    forceFlush: () => batches.forceFlush(),
    shutdown: () => batches.shutdown(),
  }
}
