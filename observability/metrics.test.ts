import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { scrape } from '../test/prometheus-text.ts'
import { counter, gauge, histogram, observe, oncePer } from './instruments.ts'
import type { MetricName } from './metric-names.ts'
import { answerWithMetrics, type Metrics, startMetrics } from './metrics.ts'
import { telemetryNames } from './names.ts'

const { metrics } = telemetryNames

describe('metrics', () => {
  let running: Metrics
  let server: Server
  let address: string

  beforeEach(async () => {
    running = startMetrics({ service: 'choir', version: '1.2.3' })
    server = createServer(answerWithMetrics).listen(0, '127.0.0.1')
    await once(server, 'listening')
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterEach(async () => {
    await running.shutdown()
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })

  test('are told in the text format, with what measured them', async () => {
    const letters = counter(metrics.deadLetters)
    letters.add(2, { 'saga.participant': 'alto' })
    letters.add(1, { 'saga.participant': 'alto' })
    histogram(metrics.stepDuration).record(0.03, { 'saga.cause': 'event' })
    gauge(metrics.dependencyOpen).record(1)
    gauge(metrics.dependencyOpen).record(0)
    const { kinds, value } = await scrape(address)
    expect(value('chorus_dead_letters_total', { saga_participant: 'alto' })).toBe(3)
    expect(value('chorus_step_duration_bucket', { le: '0.025' })).toBe(0)
    expect(value('chorus_step_duration_bucket', { le: '0.05', saga_cause: 'event' })).toBe(1)
    expect(value('chorus_dependency_open')).toBe(0)
    expect(value('target_info', { service_name: 'choir', service_version: '1.2.3' })).toBe(1)
    expect(kinds.get('chorus_dead_letters_total')).toBe('counter')
  })

  test('of the process are there from the beginning', async () => {
    const { value } = await scrape(address)
    expect(value('process_cpu_time_total', { cpu_mode: 'user' })).toBeGreaterThan(0)
    expect(value('process_memory_usage')).toBeGreaterThan(1e6)
    expect(value('nodejs_eventloop_utilization')).toBeLessThanOrEqual(1)
  })

  test('that are read when somebody looks are 0 when they are told no more, and stay as they are once they are ended', async () => {
    const members = new Map([
      ['alto', 3],
      ['bass', 2],
    ])
    const end = observe(metrics.consumerMembers, () =>
      [...members].map(([group, value]) => ({
        value,
        attributes: { 'messaging.consumer.group.name': group },
      })),
    )
    async function seen() {
      const { value } = await scrape(address)
      return ['alto', 'bass'].map((group) =>
        value('chorus_consumer_members', { messaging_consumer_group_name: group }),
      )
    }
    expect(await seen()).toEqual([3, 2])
    members.delete('bass')
    expect(await seen()).toEqual([3, 0])
    end()
    members.set('alto', 5)
    expect(await seen()).toEqual([3, 0])
  })

  test('cannot be started twice', () => {
    expect(() => startMetrics({ service: 'choir' })).toThrow(/already started/)
  })
})

test('without metrics, measuring changes nothing and the answer says so', async () => {
  counter(metrics.deadLetters).add(1)
  const server = createServer(answerWithMetrics).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}/metrics`)
  expect([response.status, await response.text()]).toEqual([503, 'metrics are not started\n'])
  server.closeAllConnections()
  server.close()
})

test('what is made once per key is made once', () => {
  let made = 0
  const of = oncePer((key: string) => ({ key, number: ++made }))
  expect([of('a'), of('b'), of('a')].map(({ number }) => number)).toEqual([1, 2, 1])
})

describe('the names of metrics', () => {
  const all: readonly MetricName[] = Object.values(metrics)

  test('are each there once, in the form that OpenTelemetry asks for', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
    for (const { name } of all) expect(name).toMatch(/^(chorus|messaging|http|process|nodejs)(\.[a-z_]+)+$/)
  })

  test('of histograms have buckets that rise', () => {
    for (const metric of all)
      if (metric.kind === 'histogram')
        expect(metric.buckets).toEqual([...new Set(metric.buckets)].sort((a, b) => a - b))
  })
})
