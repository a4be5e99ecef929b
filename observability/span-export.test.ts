import { describe, expect, test } from '@jest/globals'
import { TraceFlags } from '@opentelemetry/api'
import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import { batchedExport } from './span-export.ts'

describe('exporting spans', () => {
  test('counts the spans of a failed export as lost, with the reason', async () => {
    const lost: unknown[] = []
    const failure = { code: ExportResultCode.FAILED, error: new Error('refused') }
    const spans = batchedExport(
      exporter((answer) => answer(failure)),
      (...loss) => lost.push(loss),
    )
    for (let i = 0; i < 3; i++) spans.onEnd(span(TraceFlags.SAMPLED))
    await expect(spans.forceFlush()).rejects.toThrow('refused')
    expect(lost).toEqual([[3, 'refused']])
    expect(spans.waiting).toBe(0)
  })

  test('keeps 65,536 spans for an endpoint that is slow, and counts those beyond as lost', async () => {
    let lost = 0
    const answers: (() => void)[] = []
    const spans = batchedExport(
      exporter((answer) => answers.push(() => answer({ code: ExportResultCode.SUCCESS }))),
      (count) => {
        lost += count
      },
    )
    for (let i = 0; i < 65_536 + 7; i++) spans.onEnd(span(TraceFlags.SAMPLED))
    expect(lost).toBe(7)
    expect(spans.waiting).toBe(65_536)

    const flushed = spans.forceFlush()
    for (const answer of answers) answer()
    await flushed
    expect(spans.waiting).toBe(0)
    expect(lost).toBe(7)
  })

  test('leaves spans out that are not sampled', () => {
    const spans = batchedExport(
      exporter(() => {}),
      () => {},
    )
    spans.onEnd(span(TraceFlags.NONE))
    expect(spans.waiting).toBe(0)
  })
})

function exporter(onExport: (answer: (result: ExportResult) => void) => void): SpanExporter {
  return { export: (_spans, answer) => onExport(answer), shutdown: async () => {} }
}

function span(traceFlags: TraceFlags): ReadableSpan {
  return { spanContext: () => ({ traceFlags }), resource: {} } as ReadableSpan
}
