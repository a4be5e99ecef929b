import type { RunResult } from '../run.ts'
import type { About } from './about.ts'
import { faultBars } from './fault-bars.ts'
import { type Figures, windowSeconds } from './figures.ts'
import type { Recovery } from './recovery.ts'
import { style } from './style.ts'
import { diagram, type Frame, plain, type Series } from './svg.ts'
import { everyFault, faultsByKind, recoveryTable, table } from './tables.ts'

export type Report = {
  readonly run: RunResult
  readonly figures: Figures
  readonly recoveries: readonly Recovery[]
  readonly about: About
}

const longestList = 200

/** The whole report as one page that needs nothing else. */
export function page({ run, figures, recoveries, about }: Report): string {
  const wrong = run.violations.length + run.refusals.length
  const verdict =
    wrong === 0
      ? '<span class="good">nothing lost, doubled or stuck</span>'
      : `<span class="bad">${wrong} things are wrong</span>`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Chaos run, seed ${run.schedule.seed}</title><style>${style}</style></head><body>
<h1>Chaos run: ${verdict}</h1>
<p class="dim">${plain(about.made)} · seed ${run.schedule.seed} · ${plain(about.machine)} · ${plain(about.versions.join(' · '))}</p>
${tiles(run, figures)}
${pictures(run, figures)}
<h2>Back to normal</h2>
<p class="dim">Seconds until the p99 of ended orders was within twice the normal one again, for good: from the kill of a service, or from when a server was back.</p>
${recoveryTable(recoveries)}
<h2>Faults</h2>
${faultsByKind(run)}
<details><summary>Every fault</summary>${everyFault(run)}</details>
<h2>What is wrong</h2>
${wrongs(run)}
<h2>Processes that ended by themselves</h2>
${accidents(run)}
<h2>Answers to customers</h2>
${table(['answer', 'how often'], Object.entries(figures.answers).sort())}
<h2>The same run again</h2>
<pre>${plain(about.command)}</pre>
</body></html>
`
}

function tiles(run: RunResult, { normal, goodput }: Figures): string {
  const accepted = run.purchases.filter((purchase) => purchase.accepted).length
  const passed = run.faults.filter(({ firedAt }) => firedAt !== null).length
  const facts: [string, string][] = [
    [`${accepted}`, `of ${run.purchases.length} orders accepted`],
    [`${run.ended.size}`, 'orders ended'],
    [`${passed}`, `of ${run.faults.length} faults fired`],
    [minutes(run.endedAt - run.beganAt), 'from the first order to the last ending'],
    [
      normal ? `${normal.p50} / ${normal.p99} ms` : '–',
      'p50 / p99 from first try to ending, before the faults',
    ],
    [`${goodput.underFaults.toFixed(1)} / s`, `orders ended under faults; ${goodput.asked} / s asked for`],
  ]
  return `<div class="tiles">${facts.map(([value, what]) => `<div class="tile"><b>${plain(value)}</b>${plain(what)}</div>`).join('')}</div>`
}

function pictures(run: RunResult, figures: Figures): string {
  const frame: Frame = { seconds: figures.ended.length, width: 1_060, left: 90 }
  const smooth = (counts: readonly number[]) =>
    perSecond(counts.map((_, second) => mean(counts.slice(Math.max(0, second - 2), second + 3))))
  return `<h2>The run</h2>
${faultBars(run.faults, run.beganAt, frame)}
${diagram(
  'Throughput',
  'orders per second',
  [
    { name: 'accepted', colour: 'c-message', points: smooth(figures.accepted) },
    { name: 'ended', colour: 'c-good', points: smooth(figures.ended) },
  ],
  frame,
)}
${diagram('Lag', 'records of all groups', [{ name: '', colour: 'c-network', points: figures.lag.map(({ second, lag }) => ({ second, value: lag })) }], frame, { log: true })}
${diagram(
  'Latency of straight orders',
  `ms, over ${windowSeconds} s`,
  [
    { name: 'p50', colour: 'c-good', points: perSecond(figures.p50) },
    { name: 'p99', colour: 'c-service', points: perSecond(figures.p99) },
  ],
  frame,
  { log: true },
)}`
}

function wrongs({ violations, refusals }: RunResult): string {
  if (violations.length + refusals.length === 0) return '<p>Nothing.</p>'
  const rows = [
    ...refusals.map((says) => ['customers', '', says]),
    ...violations.map(({ invariant, sagaId, says }) => [invariant, sagaId ?? '', says]),
  ]
  const more =
    rows.length > longestList ? `<p>… and ${rows.length - longestList} more in report.json.</p>` : ''
  return table(['invariant', 'order', 'what'], rows.slice(0, longestList)) + more
}

function accidents({ accidents: all, beganAt }: RunResult): string {
  if (all.length === 0) return '<p>None.</p>'
  const rows = all.map(({ id, at, how }) => [((at - beganAt) / 1_000).toFixed(1), id, how])
  return `<p class="dim">Each was started again at once, as an orchestrator would.</p>${table(['at s', 'instance', 'how'], rows)}`
}

const perSecond = (values: readonly (number | null)[]): Series['points'] =>
  values.map((value, second) => ({ second, value }))

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

const minutes = (ms: number) =>
  `${Math.floor(ms / 60_000)}:${String(Math.round((ms % 60_000) / 1_000)).padStart(2, '0')} min`
