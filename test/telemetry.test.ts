import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { contracts } from '#contracts'
import { telemetryNames } from '#observability'
import { systemClock } from '#orchestration'
import { onPath } from '../infra/path.ts'
import { portTable } from '../infra/ports.ts'
import { chorus } from '../scripts/chorus/program.ts'
import type { Surroundings } from '../scripts/chorus/surroundings.ts'
import { serviceNames } from '../scripts/shop/shop.ts'
import { dashboards, type Panel } from './dashboards.ts'
import { codeBlocks, root, slug, tableUnder, textOf } from './markdown.ts'

type Alert = {
  readonly alert: string
  readonly expr: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

const alertFile = 'infra/prometheus/alerts.yml'
const alerts: readonly Alert[] = parse(textOf(alertFile)).groups.flatMap(
  ({ rules }: { rules: Alert[] }) => rules,
)
const panels = dashboards().flatMap((dashboard) => dashboard.panels.filter(({ type }) => type !== 'row'))
const shown = panels.flatMap(({ title, targets }) =>
  targets.map(({ expr, legendFormat }) => ({ by: title, expr, legend: legendFormat })),
)
const queries = [...shown, ...alerts.map(({ alert, expr }) => ({ by: alert, expr, legend: '' }))]

const sanitized = (name: string) => name.replaceAll(/[^a-z0-9_]/gi, '_')

/** The series that a metric becomes in Prometheus. */
const seriesOf = ({ name, kind }: { name: string; kind: string }): string[] => {
  const base = sanitized(name)
  if (kind === 'counter') return [`${base}_total`]
  return kind === 'gauge' ? [base] : ['bucket', 'sum', 'count'].map((part) => `${base}_${part}`)
}

const known = new Set(['up', ...Object.values(telemetryNames.metrics).flatMap(seriesOf)])
const labels = new Set([
  ...Object.values(telemetryNames.attributes).map(sanitized),
  ...['le', 'job', 'service', 'http_route', 'http_response_status_code'],
])

/** What a query leaves when its texts, ranges and labels are taken out: functions, and names of series. */
function seriesIn(expr: string): string[] {
  const bare = expr
    .replaceAll(/"[^"]*"/g, '')
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, '')
    .replaceAll(/\b(by|without|on|ignoring)\s*\([^)]*\)/g, '')
  return [...bare.matchAll(/\b[a-z_]\w*\b(?!\s*\()/gi)]
    .map(([name]) => name)
    .filter((name) => !['or', 'and', 'unless', 'sum', 'max', 'min', 'count'].includes(name))
}

function labelsIn(expr: string): string[] {
  const matched = [...expr.matchAll(/[{,]\s*(\w+)\s*(?:=|!=|=~|!~)/g)].map(([, name = '']) => name)
  const grouped = [...expr.matchAll(/\b(?:by|without)\s*\(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(','),
  )
  return [...matched, ...grouped.map((name) => name.trim())]
}

describe('every query, of panels and of alerts,', () => {
  test('names series that the names of metrics become', () => {
    expect(queries.length).toBeGreaterThan(40)
    for (const { expr } of queries) expect(seriesIn(expr).length).toBeGreaterThan(0)
    const lost = queries.flatMap(({ by, expr }) =>
      seriesIn(expr).flatMap((name) => (known.has(name) ? [] : [`${by}: ${name}`])),
    )
    expect(lost).toEqual([])
  })

  test('names labels that some attribute becomes, and its legend those that it keeps', () => {
    const lost = queries.flatMap(({ by, expr, legend }) => {
      const inLegend = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name)
      return [
        ...labelsIn(expr).filter((name) => !labels.has(name)),
        ...inLegend.filter((name) => !labelsIn(expr).includes(name)),
      ].map((name) => `${by}: ${name}`)
    })
    expect(lost).toEqual([])
  })
})

describe('the dashboards', () => {
  test('show every metric', () => {
    const seen = new Set(shown.flatMap(({ expr }) => seriesIn(expr)))
    const unseen = Object.values(telemetryNames.metrics).filter((metric) =>
      seriesOf(metric).every((name) => !seen.has(name)),
    )
    expect(unseen.map(({ name }) => name)).toEqual([])
  })

  test('explain each panel, and ask a data source that is provisioned', () => {
    const { datasources } = parse(textOf('infra/grafana/provisioning/datasources/servers.yml'))
    const provisioned = datasources.map(({ uid }: { uid: string }) => uid)
    const unclear = panels.filter(
      ({ title, description, targets }: Panel) =>
        !title ||
        !description?.endsWith('.') ||
        targets.some(({ datasource }) => !provisioned.includes(datasource.uid)),
    )
    expect(unclear).toEqual([])
  })

  test('give each panel a number of its own, and no two the same place', () => {
    for (const { panels } of dashboards()) {
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
      expect(new Set(panels.map(({ gridPos: { x, y } }) => `${x},${y}`)).size).toBe(panels.length)
    }
  })
})

describe('the alerts', () => {
  test('each have a page that is named after them, and no page is left over', () => {
    const pages = readdirSync(join(root, 'docs/runbooks')).filter((name) => name !== 'README.md')
    expect(alerts.map(({ annotations }) => annotations.runbook).sort()).toEqual(
      pages.map((name) => `docs/runbooks/${name}`).sort(),
    )
    for (const { alert, annotations } of alerts) {
      const words = alert.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
      expect(annotations.runbook).toBe(`docs/runbooks/${slug(words)}.md`)
      expect(textOf(annotations.runbook ?? '')).toMatch(
        new RegExp(`^# ${alert}\n[\\s\\S]*^## Look$[\\s\\S]*^## Do$`, 'm'),
      )
    }
  })

  test('stand in the list of runbooks with their severity', () => {
    const listed = tableUnder(textOf('docs/runbooks/README.md'), 'Runbooks')
    expect(
      listed.map(({ Alert = '', Severity }) => [Alert.replaceAll(/[[\]]|\(.*/g, ''), Severity]).sort(),
    ).toEqual(alerts.map(({ alert, labels }) => [alert, labels.severity]).sort())
  })
})

describe('the commands of the runbooks', () => {
  const lines = readdirSync(join(root, 'docs/runbooks'))
    .flatMap((name) => codeBlocks(textOf(`docs/runbooks/${name}`), 'sh'))
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/\s+#.*/, '').trim())
    .filter((line) => line !== '')

  /** What `./chorus … --help` prints. */
  async function helpOf(words: readonly string[]): Promise<string> {
    const printed: string[] = []
    const out = (line: string) => void printed.push(line)
    // Help connects nothing and asks nobody.
    const around = { contracts, clock: systemClock, terminal: { out, err: out } }
    await chorus([...words, '--help'], around as unknown as Surroundings)
    return printed.join('\n')
  }

  test('are of ./chorus, npm or curl', () => {
    expect(lines.length).toBeGreaterThan(15)
    expect(lines.filter((line) => !/^(\.\/chorus|npm run|curl) /.test(line))).toEqual([])
  })

  test.each(lines.filter((line) => line.startsWith('./chorus ')))('%s', async (line) => {
    const [, ...words] = line.split(' ')
    const command = words.slice(0, words.findIndex((word) => !/^[a-z][a-z-]*$/.test(word)) >>> 0)
    const help = await helpOf(command)
    expect(help).toMatch(new RegExp(`^Usage: \\./chorus ${command.join(' ')} `))
    for (const option of line.match(/(?<= )--[a-z-]+/g) ?? []) expect(help).toContain(option)
  })

  test('ask addresses at the ports that services and servers have', () => {
    const ports = new Set<number>(Object.values(portTable).map(({ port }) => port))
    const asked = lines.flatMap((line) => /http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1] ?? [])
    expect(asked.length).toBeGreaterThan(3)
    expect(asked.filter((port) => !ports.has(Number(port)))).toEqual([])
  })
})

describe('compose', () => {
  const compose = parse(textOf('docker-compose.yml'), { merge: true })
  const { prometheus, grafana } = compose.services

  test('starts neither Prometheus nor Grafana unless asked for, and both on 127.0.0.1 alone', () => {
    expect([prometheus.profiles, grafana.profiles]).toEqual([['observability'], ['observability']])
    expect(prometheus.command).toContain(`--web.listen-address=127.0.0.1:\${PROMETHEUS_PORT:-9090}`)
    expect(grafana.environment.GF_SERVER_HTTP_ADDR).toBe('127.0.0.1')
  })

  test('has Prometheus look at every service, at its port', () => {
    const targets = parse(compose.configs.targets.content)
    expect(targets).toEqual(
      serviceNames.map((service) => {
        const { variable, port } = portTable[service]
        return { targets: [`127.0.0.1:\${${variable}:-${port}}`], labels: { service } }
      }),
    )
  })

  test('mounts files that are there', () => {
    const mounts: string[] = [...prometheus.volumes, ...grafana.volumes].map(
      (mount: string) => mount.split(':')[0] ?? '',
    )
    expect(mounts.length).toBe(4)
    expect(mounts.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })
})

const promtool = onPath('promtool', process.env)

test('the rules are what Prometheus takes, and each alert fires when it should', async () => {
  // Without it the queries and names above are all that is checked.
  if (!promtool) return console.warn('NOT RUN: promtool is not on PATH (Debian: apt install prometheus)')
  const run = promisify(execFile)
  const cwd = join(root, 'infra/prometheus')
  await run(promtool, ['check', 'rules', 'alerts.yml'], { cwd })
  const { stdout } = await run(promtool, ['test', 'rules', 'alerts.test.yml'], { cwd })
  expect(stdout).toContain('SUCCESS')
  const tested = textOf('infra/prometheus/alerts.test.yml')
  expect(alerts.filter(({ alert }) => !tested.includes(`alertname: ${alert}\n`))).toEqual([])
}, 60_000)
