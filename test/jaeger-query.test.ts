import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readJaegerTrace } from './jaeger-query.ts'

const answer = {
  data: [
    {
      traceID: 't1',
      spans: [
        {
          traceID: 't1',
          spanID: 'b',
          operationName: 'process songs',
          references: [
            { refType: 'FOLLOWS_FROM', traceID: 't0', spanID: 'z' },
            { refType: 'CHILD_OF', traceID: 't1', spanID: 'a' },
          ],
          startTime: 1_800_000_000_000_500,
          duration: 2_250,
          tags: [
            { key: 'span.kind', type: 'string', value: 'consumer' },
            { key: 'saga.seq', type: 'int64', value: 3 },
            { key: 'otel.status_code', type: 'string', value: 'ERROR' },
            { key: 'otel.status_description', type: 'string', value: 'no voice' },
          ],
          processID: 'p2',
        },
        {
          traceID: 't1',
          spanID: 'a',
          operationName: 'send songs',
          references: [],
          startTime: 1_800_000_000_000_000,
          duration: 100,
          tags: [],
          processID: 'p1',
        },
      ],
      processes: { p1: { serviceName: 'alto', tags: [] }, p2: { serviceName: 'bass', tags: [] } },
    },
  ],
}

describe('a trace read from Jaeger', () => {
  let jaeger: Server
  let url: string
  beforeEach(async () => {
    jaeger = createServer((request, response) => {
      const status = { '/api/traces/t1': 200, '/api/traces/broken': 500 }[request.url ?? ''] ?? 404
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    }).listen(0, '127.0.0.1')
    await once(jaeger, 'listening')
    url = `http://127.0.0.1:${(jaeger.address() as AddressInfo).port}`
  })
  afterEach(async () => {
    jaeger.close()
    jaeger.closeAllConnections()
    await once(jaeger, 'close')
  })

  test('has the shape of one that was received by OTLP', async () => {
    expect(await readJaegerTrace(url, 't1')).toEqual([
      {
        traceId: 't1',
        spanId: 'b',
        parentSpanId: 'a',
        name: 'process songs',
        kind: 'consumer',
        service: 'bass',
        attributes: expect.objectContaining({ 'saga.seq': 3 }),
        links: [{ traceId: 't0', spanId: 'z' }],
        start: 1_800_000_000_000.5,
        end: 1_800_000_000_002.75,
        status: { code: 'error', message: 'no voice' },
      },
      {
        traceId: 't1',
        spanId: 'a',
        name: 'send songs',
        kind: 'unspecified',
        service: 'alto',
        attributes: {},
        links: [],
        start: 1_800_000_000_000,
        end: 1_800_000_000_000.1,
        status: { code: 'unset' },
      },
    ])
  })

  test('is empty while Jaeger does not know it', async () => {
    expect(await readJaegerTrace(url, 'unknown')).toEqual([])
  })

  test('is an error when Jaeger has one', async () => {
    await expect(readJaegerTrace(url, 'broken')).rejects.toThrow('Jaeger answered 500')
  })
})
