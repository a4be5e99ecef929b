import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { type OtlpEndpoint, startOtlpEndpoint } from '../test/otlp-endpoint.ts'
import { edges, orphans } from '../test/trace-edges.ts'

jest.setTimeout(30_000)

const root = fileURLToPath(new URL('..', import.meta.url))

type Line = Readonly<Record<string, unknown>>
type Service = { readonly url: string; readonly lines: readonly Line[]; stop(): Promise<void> }

describe('a service that is started with register.mjs', () => {
  let endpoint: OtlpEndpoint
  let services: Service[]

  beforeEach(async () => {
    endpoint = await startOtlpEndpoint()
    services = []
  })
  afterEach(async () => {
    for (const service of services) await service.stop()
    await endpoint.close()
  })

  async function start(name: string, env: Record<string, string> = {}): Promise<Service> {
    const service = await startService(name, { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint.url, ...env })
    services.push(service)
    return service
  }

  test('continues the caller’s trace, and its callee continues it too', async () => {
    const back = await start('back')
    const front = await start('front', { BACKSTAGE: back.url })
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const response = await fetch(`${front.url}/songs/7`, { headers: { traceparent } })
    expect(await response.text()).toBe('la la la')
    for (const service of services) await service.stop()

    const spans = endpoint.spans()
    expect(edges(spans)).toEqual(['front: GET /songs/:id → front: GET', 'front: GET → back: GET /songs/:id'])
    expect(orphans(spans)).toMatchObject([
      { service: 'front', kind: 'server', parentSpanId: 'b7ad6b7169203331' },
    ])
    expect(spans.map((span) => span.traceId)).toEqual(Array(3).fill('0af7651916cd43dd8448eb211c80319c'))

    const asked = [...front.lines, ...back.lines].filter((line) => line.msg === 'asked')
    expect(asked.map((line) => line.span_id)).toEqual([
      spans.find((span) => span.service === 'front' && span.kind === 'server')?.spanId,
      spans.find((span) => span.service === 'back')?.spanId,
    ])
  })

  test('does not trace probes, neither asked nor asking', async () => {
    const back = await start('back')
    const front = await start('front', { BACKSTAGE: back.url })
    expect((await fetch(`${front.url}/livez`)).status).toBe(200)
    expect((await fetch(`${back.url}/songs/7`)).status).toBe(200)
    for (const service of services) await service.stop()
    expect(endpoint.spans().map((span) => `${span.service}: ${span.name}`)).toEqual(['back: GET /songs/:id'])
  })
})

async function startService(name: string, env: Record<string, string>): Promise<Service> {
  const child = spawn(
    process.execPath,
    ['--import', './observability/register.mjs', 'observability/register.fixture.ts'],
    {
      cwd: root,
      env: { ...process.env, LOG_LEVEL: '', OTEL_SERVICE_NAME: name, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 25_000,
    },
  )
  const lines: Line[] = []
  const listening = await new Promise<Line>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line: Line = JSON.parse(text)
      lines.push(line)
      if (line.msg === 'listening') resolve(line)
    })
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code} before it listened`)))
  })
  return { url: `http://127.0.0.1:${listening.port}`, lines, stop: () => stop(child) }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGTERM')
  await closed
  expect(child.exitCode).toBe(0)
}
