import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { decodeSpans } from './otlp-decoder.ts'
import type { ReceivedSpan } from './trace-edges.ts'

export type OtlpEndpoint = {
  /** To be given as `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string
  /** Everything received so far, in order of arrival. */
  spans(): readonly ReceivedSpan[]
  /** Resolves with all spans once the predicate holds for them; rejects after `limitMs` with the names that did arrive. */
  waitFor(
    predicate: (spans: readonly ReceivedSpan[]) => boolean,
    limitMs: number,
  ): Promise<readonly ReceivedSpan[]>
  close(): Promise<void>
}

/** A receiver of traces on 127.0.0.1 that speaks what services export by default: OTLP/HTTP, protobuf, gzip or not. */
export async function startOtlpEndpoint(): Promise<OtlpEndpoint> {
  const spans: ReceivedSpan[] = []
  const arrivals = new EventTarget()
  const server = createServer(async (request, response) => {
    try {
      spans.push(...decodeSpans(await bodyOf(request)))
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
      arrivals.dispatchEvent(new Event('arrival'))
    } catch (error) {
      response.writeHead(400).end(String(error))
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: () => spans,
    waitFor(predicate, limitMs) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => settle(() => reject(new Error(missing(spans, limitMs)))), limitMs)
        function look(): void {
          if (predicate(spans)) settle(() => resolve(spans))
        }
        function settle(outcome: () => void): void {
          clearTimeout(timer)
          arrivals.removeEventListener('arrival', look)
          outcome()
        }
        arrivals.addEventListener('arrival', look)
        look()
      })
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  if (request.url !== '/v1/traces') throw new Error(`no such path: ${request.url}`)
  if (request.headers['content-type'] !== 'application/x-protobuf') throw new Error('protobuf expected')
  const body = await buffer(request)
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
}

function missing(spans: readonly ReceivedSpan[], limitMs: number): string {
  const names = [...new Set(spans.map((span) => `${span.service}: ${span.name}`))].sort()
  return `The awaited spans did not arrive within ${limitMs} ms. ${spans.length} did: ${names.join(', ')}`
}
