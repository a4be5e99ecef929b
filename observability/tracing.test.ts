import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { startOtlpEndpoint } from '../test/otlp-endpoint.ts'
import { startSpan } from './span.ts'
import { shutdownTracing, startTracing } from './tracing.ts'

describe('tracing', () => {
  const open: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    await shutdownTracing()
    for (const close of open.splice(0)) await close()
  })

  test('loses nothing of a burst of 20,000 spans', async () => {
    const endpoint = await startOtlpEndpoint()
    open.push(endpoint.close)
    startTracing({ service: 'choir', endpoint: endpoint.url })
    for (let i = 0; i < 20_000; i++) {
      startSpan({ name: 'sing', kind: 'internal', parent: {}, attributes: { voice: i } }).end()
    }
    const spans = await endpoint.waitFor((all) => all.length >= 20_000, 20_000)
    expect(new Set(spans.map((span) => span.attributes.voice)).size).toBe(20_000)
  }, 30_000)

  test('sends what is left when it is shut down, and can be started again', async () => {
    for (const service of ['first', 'second']) {
      const endpoint = await startOtlpEndpoint()
      open.push(endpoint.close)
      startTracing({ service, endpoint: `${endpoint.url}/` })
      startSpan({ name: 'last words', kind: 'internal' }).end()
      await Promise.all([shutdownTracing(), shutdownTracing()])
      expect(endpoint.spans()).toMatchObject([{ service, name: 'last words' }])
    }
  })

  test('shuts down within its limit when the endpoint never answers', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    open.push(() => close(silent))
    startTracing({ service: 'choir', endpoint: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` })
    startSpan({ name: 'sing', kind: 'internal' }).end()
    const connection = once(silent, 'connection')
    const start = performance.now()
    const stop = shutdownTracing()
    const [socket] = await connection
    await stop
    const took = performance.now() - start
    socket.destroy()
    expect(took).toBeGreaterThan(2_900)
    expect(took).toBeLessThan(4_000)
  })

  test('makes trace ids and hands them on without an endpoint', () => {
    startTracing({ service: 'choir', endpoint: '' })
    const parent = startSpan({ name: 'conduct', kind: 'internal' })
    expect(parent.context.traceparent).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-00$/)
    const child = parent.run(() => startSpan({ name: 'sing', kind: 'internal' }))
    expect(child.context.traceparent?.slice(0, 35)).toBe(parent.context.traceparent?.slice(0, 35))
    expect(child.context).not.toEqual(parent.context)
  })

  test('refuses to be started twice', () => {
    startTracing({ service: 'choir', endpoint: '' })
    expect(() => startTracing({ service: 'choir' })).toThrow(/already started/)
  })
})

async function close(server: Server): Promise<void> {
  server.close()
  await once(server, 'close')
}
