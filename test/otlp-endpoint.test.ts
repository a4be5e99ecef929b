import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { shutdownTracing, startSpan, startTracing } from '#observability'
import { type OtlpEndpoint, startOtlpEndpoint } from './otlp-endpoint.ts'

describe('the OTLP endpoint', () => {
  let endpoint: OtlpEndpoint
  beforeEach(async () => {
    endpoint = await startOtlpEndpoint()
  })
  afterEach(async () => {
    await endpoint.close()
  })

  async function exportOne(name: string): Promise<void> {
    startTracing({ service: 'singer', endpoint: endpoint.url })
    startSpan({
      name,
      kind: 'internal',
      attributes: { whole: -3, part: 0.5, flag: false, list: ['a', ''] },
    }).end()
    await shutdownTracing()
  }

  test.each(['none', 'gzip'])('understands what services export, compression %s', async (compression) => {
    process.env.OTEL_EXPORTER_OTLP_COMPRESSION = compression
    try {
      await exportOne('sing')
    } finally {
      delete process.env.OTEL_EXPORTER_OTLP_COMPRESSION
    }
    expect(endpoint.spans()).toMatchObject([
      { name: 'sing', attributes: { whole: -3, part: 0.5, flag: false, list: ['a', ''] } },
    ])
  })

  test('waits for spans that are still to come', async () => {
    const sung = endpoint.waitFor((spans) => spans.some((span) => span.name === 'sing'), 10_000)
    await exportOne('sing')
    expect(await sung).toHaveLength(1)
  })

  test('says after the limit what came instead', async () => {
    await exportOne('hum')
    await expect(endpoint.waitFor((spans) => spans.length > 1, 20)).rejects.toThrow(
      'The awaited spans did not arrive within 20 ms. 1 did: singer: hum',
    )
  })

  test('refuses what is not a trace in protobuf', async () => {
    const post = async (path: string, type: string) =>
      await fetch(endpoint.url + path, { method: 'POST', headers: { 'content-type': type }, body: '{"a":' })
    const answers = await Promise.all([
      post('/v1/traces', 'application/x-protobuf'),
      post('/v1/traces', 'application/json'),
      post('/v1/metrics', 'application/x-protobuf'),
    ])
    expect(answers.map((answer) => answer.status)).toEqual([400, 400, 400])
    expect(endpoint.spans()).toEqual([])
  })
})
