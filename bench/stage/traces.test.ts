import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { startGuard } from '../../infra/guard.ts'
import { lastingPorts } from '../../test/chaos/ports.ts'
import { tracesTo } from './traces.ts'

test('without Jaeger, a process of its own takes spans and answers as a receiver does', async () => {
  const logs = mkdtempSync(join(tmpdir(), 'chorus-sink-'))
  const guard = startGuard()
  try {
    const [port = 0] = await lastingPorts(1)
    const servers = { processes: [], environment: {} }
    const { url, pid } = await tracesTo({ servers, guard, logs, port })
    const headers = { 'content-type': 'application/x-protobuf' }
    const answer = await fetch(`${url}/v1/traces`, { method: 'POST', headers, body: new Uint8Array(100_000) })
    expect([answer.status, await answer.text()]).toEqual([200, ''])
    expect(pid).not.toBe(process.pid)
  } finally {
    await guard.stop()
    rmSync(logs, { recursive: true, force: true })
  }
})

test('with Jaeger, spans go there', async () => {
  const jaeger = { name: 'jaeger', pid: () => 42, kill: async () => {}, restart: async () => {} }
  const servers = {
    processes: [jaeger],
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' },
  }
  const guard = startGuard()
  try {
    expect(await tracesTo({ servers, guard, logs: '', port: 0 })).toEqual({
      name: 'jaeger',
      url: 'http://127.0.0.1:4318',
      pid: 42,
    })
  } finally {
    await guard.stop()
  }
})
