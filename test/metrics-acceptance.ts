import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { onPath } from '../infra/path.ts'
import type { ServiceName, Shop } from '../scripts/shop/shop.ts'
import { dashboards } from './dashboards.ts'
import { textOf } from './markdown.ts'
import { scrape } from './prometheus-text.ts'
import { eventually } from './shop.ts'

const everywhere = ['process_cpu_time_total', 'process_memory_usage', 'chorus_span_lost_total', 'target_info']

const participant = [
  'chorus_saga_started_total',
  'chorus_saga_duration_count',
  'chorus_saga_overdue',
  'chorus_step_duration_bucket',
  'chorus_dead_letters_total',
  'chorus_committer_batch_size_sum',
  'chorus_committer_duration_count',
  'chorus_committer_failures_total',
  'messaging_client_sent_messages_total',
  'messaging_client_consumed_messages_total',
  'messaging_client_operation_duration_count',
  'messaging_process_duration_count',
]

const calling = [
  'chorus_effect_duration_count',
  'chorus_dependency_open',
  'http_client_request_duration_count',
]

/** What each service tells once an order has gone through it: a new service is a new line here. */
const expected: Readonly<Record<ServiceName, readonly string[]>> = {
  sandbox: [...everywhere, 'http_server_request_duration_count'],
  order: [...everywhere, ...participant, 'http_server_request_duration_count'],
  payment: [...everywhere, ...participant, ...calling],
  shipping: [...everywhere, ...participant, ...calling],
  tracker: [...everywhere, 'chorus_consumer_lag', 'chorus_consumer_delay', 'chorus_consumer_members'],
}

/** The acceptance tests of metrics, in a shop in which every scenario has been played. */
export function metricsAcceptance(shop: () => Shop): void {
  test.each(Object.entries(expected))('then the metrics of %s are there', async (service, names) => {
    const address = shop().addresses[service as ServiceName] ?? ''
    await eventually(async () => {
      const told = (await scrape(address)).names
      expect(names.filter((name) => !told.has(name))).toEqual([])
    })
  })

  test('then orders are counted by how they ended', async () => {
    const { value } = await scrape(shop().addresses.order ?? '')
    const ended = (state: string) =>
      value('chorus_saga_duration_count', { saga_participant: 'order', saga_state: state })
    expect([ended('delivered'), ended('declined'), ended('cancelled')]).toEqual([1, 1, 2])
  })

  test('then every panel has data, and no rule fails, in a Prometheus that looks at the shop', async () => {
    const prometheus = onPath('prometheus', process.env)
    if (!prometheus)
      return console.warn('NOT RUN: prometheus is not on PATH (Debian: apt install prometheus)')
    const running = await startPrometheus(prometheus, shop())
    try {
      const queries = dashboards()
        .flatMap(({ panels }) => panels)
        .flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })))
      await eventually(async () => {
        const answers = await Promise.all(queries.map(({ expr }) => running.series(expr)))
        expect(queries.filter((_, i) => answers[i] === 0)).toEqual([])
      }, 30_000)
      expect(await running.sickRules()).toEqual([])
    } finally {
      await running.stop()
    }
  }, 60_000)
}

type Prometheus = {
  /** How many series answer a panel's query. */
  series(expr: string): Promise<number>
  /** Rules that could not be evaluated. */
  sickRules(): Promise<readonly string[]>
  stop(): Promise<void>
}

/** Prometheus with the configuration of the repository, on the addresses of this shop, looking every second. */
async function startPrometheus(command: string, { addresses }: Shop): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'chorus-prometheus-'))
  const config = textOf('infra/prometheus/prometheus.yml').replaceAll('_interval: 5s', '_interval: 1s')
  const targets = Object.entries(addresses).map(([service, address]) => ({
    targets: [new URL(address).host],
    labels: { service },
  }))
  writeFileSync(join(folder, 'prometheus.yml'), config)
  writeFileSync(join(folder, 'alerts.yml'), textOf('infra/prometheus/alerts.yml'))
  writeFileSync(join(folder, 'targets.yml'), JSON.stringify(targets))
  const host = `127.0.0.1:${await freePort()}`
  const args = [
    `--config.file=${folder}/prometheus.yml`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=${host}`,
  ]
  const child = spawn(command, args, { stdio: 'ignore' })

  async function ask<Answer>(path: string): Promise<Answer> {
    const response = await fetch(`http://${host}/api/v1/${path}`, { signal: AbortSignal.timeout(5_000) })
    const { status, error, data } = (await response.json()) as {
      status: string
      error?: string
      data: Answer
    }
    if (status !== 'success') throw new Error(`${path}: ${error}`)
    return data
  }

  return {
    async series(expr) {
      const query = encodeURIComponent(expr.replaceAll('$__rate_interval', '1m'))
      return (await ask<{ result: unknown[] }>(`query?query=${query}`)).result.length
    },
    async sickRules() {
      const { groups } = await ask<{ groups: { rules: { name: string; health: string }[] }[] }>('rules')
      return groups
        .flatMap(({ rules }) => rules)
        .flatMap(({ name, health }) => (health === 'ok' ? [] : [name]))
    },
    async stop() {
      await ended(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  await exit
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
