import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { trace } from '@opentelemetry/api'
import { type OtlpEndpoint, startOtlpEndpoint } from '../test/otlp-endpoint.ts'
import { edges, orphans } from '../test/trace-edges.ts'
import { activeTraceContext, describeActiveSpan, startSpan } from './span.ts'
import { shutdownTracing, startTracing } from './tracing.ts'

const foreign = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

describe('a span', () => {
  let endpoint: OtlpEndpoint
  beforeEach(async () => {
    endpoint = await startOtlpEndpoint()
    startTracing({ service: 'singer', version: '1.2.3', endpoint: endpoint.url })
  })
  afterEach(async () => {
    await shutdownTracing()
    await endpoint.close()
  })

  async function received() {
    await shutdownTracing()
    return endpoint.spans()
  }

  test('is the child of a context that rested as text, tracestate included', async () => {
    const rested = JSON.stringify({ traceparent: foreign, tracestate: 'vendor=a1,other=b2' })
    const span = startSpan({ name: 'process songs', kind: 'consumer', parent: JSON.parse(rested) })
    expect(span.context.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[\da-f]{16}-01$/)
    expect(span.context.tracestate).toBe('vendor=a1,other=b2')
    span.end()
    expect(await received()).toMatchObject([
      {
        traceId: '0af7651916cd43dd8448eb211c80319c',
        parentSpanId: 'b7ad6b7169203331',
        name: 'process songs',
        kind: 'consumer',
        service: 'singer',
      },
    ])
  })

  test.each([
    {},
    { traceparent: 'nonsense' },
    { traceparent: '00-00000000000000000000000000000000-b7ad6b7169203331-01' },
  ])('starts a trace of its own when the context is unusable: %j', async (parent) => {
    const outer = startSpan({ name: 'outer', kind: 'internal' })
    const span = outer.run(() => startSpan({ name: 'inner', kind: 'internal', parent }))
    span.end()
    outer.end()
    const spans = await received()
    expect(spans.map((each) => each.parentSpanId)).toEqual([undefined, undefined])
    expect(new Set(spans.map((each) => each.traceId)).size).toBe(2)
  })

  test('is active for all that its work awaits, and for nothing beside it', async () => {
    const one = startSpan({ name: 'one', kind: 'internal', parent: {} })
    const two = startSpan({ name: 'two', kind: 'internal', parent: {} })
    async function work(child: string): Promise<unknown> {
      await setImmediate()
      startSpan({ name: child, kind: 'internal' }).end()
      return activeTraceContext()
    }
    const seen = await Promise.all([one.run(() => work('child of one')), two.run(() => work('child of two'))])
    expect(seen).toEqual([one.context, two.context])
    expect(activeTraceContext()).toEqual({})
    one.end()
    two.end()
    const spans = await received()
    expect(edges(spans)).toEqual(['singer: one → singer: child of one', 'singer: two → singer: child of two'])
    expect(orphans(spans)).toEqual([])
  })

  test('carries attributes, links and its own times', async () => {
    const cause = startSpan({ name: 'cause', kind: 'producer', parent: {} })
    const span = startSpan({
      name: 'timer patience',
      kind: 'internal',
      parent: {},
      links: [cause.context, { traceparent: 'nonsense' }],
      attributes: { 'timer.id': 'patience', 'timer.due_at': 7, absent: undefined },
      startTime: 1_800_000_000_000,
    })
    span.set({ 'saga.seq': 4, tags: ['a', 'b'] })
    span.end(1_800_000_000_250)
    expect(await received()).toMatchObject([
      {
        attributes: { 'timer.id': 'patience', 'timer.due_at': 7, 'saga.seq': 4, tags: ['a', 'b'] },
        links: [{ spanId: cause.context.traceparent?.slice(36, 52) }],
        start: 1_800_000_000_000,
        end: 1_800_000_000_250,
        status: { code: 'unset' },
      },
    ])
    expect(endpoint.spans()[0]?.attributes).not.toHaveProperty('absent')
  })

  test('shares what its work has in common with every span that begins in it, whoever begins it', async () => {
    const song = startSpan({
      name: 'sing',
      kind: 'internal',
      parent: {},
      shared: { 'song.id': 's-7' },
      attributes: { voice: 1 },
    })
    await song.run(async () => {
      await setImmediate()
      trace.getTracer('an instrumentation').startSpan('GET').end()
      describeActiveSpan({ verse: 2 })
    })
    song.end()
    startSpan({ name: 'hum', kind: 'internal', parent: song.context }).end()
    const [call, sung, hummed] = await received()
    expect(call).toMatchObject({ name: 'GET', attributes: { 'song.id': 's-7' } })
    expect(sung?.attributes).toEqual({ 'song.id': 's-7', voice: 1, verse: 2 })
    expect(hummed?.attributes).toEqual({})
  })

  test.each([
    [Object.assign(new TypeError('no voice'), { code: 'E_HOARSE' }), 'E_HOARSE', 'no voice'],
    [new TypeError('no voice'), 'TypeError', 'no voice'],
    ['no voice', 'Error', 'no voice'],
  ])('that failed says why: %p', async (error, type, message) => {
    const span = startSpan({ name: 'sing', kind: 'client' })
    span.fail(error)
    span.end()
    expect(await received()).toMatchObject([
      { attributes: { 'error.type': type }, status: { code: 'error', message } },
    ])
  })
})

describe('without tracing', () => {
  test('a span hands its parent’s context on, so that a trace passes through', () => {
    const span = startSpan({ name: 'sing', kind: 'internal', parent: { traceparent: foreign } })
    expect(span.context).toEqual({ traceparent: foreign })
    expect(span.run(() => 'sung')).toBe('sung')
    span.end()
    expect(startSpan({ name: 'hum', kind: 'internal' }).context).toEqual({})
  })
})
