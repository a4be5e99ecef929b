import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Guard } from '../../infra/guard.ts'
import { httpAnswers } from '../../infra/http.ts'
import type { Infrastructure } from '../../infra/index.ts'
import { waitUntil } from '../../infra/wait.ts'

const readyLimitMs = 20_000

export type Traces = { readonly name: string; readonly url: string; readonly pid: number }

/** Where the services send their spans: Jaeger when it is in the cache, else a process that takes and forgets them. */
export async function tracesTo({
  servers,
  guard,
  logs,
  port,
}: {
  servers: Pick<Infrastructure, 'processes' | 'environment'>
  guard: Guard
  logs: string
  /** Free, unless Jaeger has it. */
  port: number
}): Promise<Traces> {
  const jaeger = servers.processes.find(({ name }) => name === 'jaeger')?.pid()
  const { OTEL_EXPORTER_OTLP_ENDPOINT: url } = servers.environment
  if (jaeger !== undefined && url) return { name: 'jaeger', url, pid: jaeger }
  const { pid } = await guard.start({
    name: 'otlp sink',
    command: process.execPath,
    args: [fileURLToPath(new URL('./otlp-sink.ts', import.meta.url))],
    env: { ...process.env, OTLP_SINK_PORT: String(port) },
    log: join(logs, 'otlp-sink.log'),
  })
  const sink = `http://127.0.0.1:${port}`
  await waitUntil(() => httpAnswers(sink), { limitMs: readyLimitMs })
  return { name: 'otlp sink', url: sink, pid }
}
