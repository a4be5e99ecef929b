import { faultKinds } from '../fault-kinds.ts'
import type { RunResult } from '../run.ts'
import type { FaultKind } from '../schedule.ts'
import type { Recovery } from './recovery.ts'
import { plain } from './svg.ts'

type Cell = string | number

/** A table; numbers stand on the right. */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const numeric = heads.map((_, column) => rows.some((row) => typeof row[column] === 'number'))
  const mark = (column: number) => (numeric[column] ? ' class="number"' : '')
  const head = heads.map((text, column) => `<th${mark(column)}>${plain(text)}</th>`).join('')
  const body = rows.map(
    (row) =>
      `<tr>${row.map((cell, column) => `<td${mark(column)}>${plain(String(cell))}</td>`).join('')}</tr>`,
  )
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`
}

export function faultsByKind({ faults }: RunResult): string {
  const kinds = Object.keys(faultKinds) as FaultKind[]
  const rows = kinds.map((kind) => {
    const own = faults.filter((fault) => fault.kind === kind)
    const fired = own.filter(({ firedAt }) => firedAt !== null)
    return [kind, faultKinds[kind].title, own.length, fired.length] as const
  })
  const sum = (column: 2 | 3) => rows.reduce((total, row) => total + row[column], 0)
  return table(
    ['kind', 'what it is', 'planned', 'fired'],
    [...rows.filter((row) => row[2] > 0), ['', 'all', sum(2), sum(3)]],
  )
}

export function everyFault({ faults, beganAt }: RunResult): string {
  const second = (at: number | null) => (at === null ? '–' : ((at - beganAt) / 1_000).toFixed(1))
  return table(
    ['from s', 'to s', 'kind', 'target', 'what it did'],
    faults
      .toSorted((a, b) => a.at - b.at)
      .map(({ kind, target, firedAt, healedAt, says }) => [
        second(firedAt),
        second(healedAt),
        kind,
        target,
        firedAt === null ? `did not come about: ${says}` : says,
      ]),
  )
}

export function recoveryTable(recoveries: readonly Recovery[]): string {
  return table(
    ['at s', 'kill', 'of', 'away s', 'back to normal after s', 'allowed s', ''],
    recoveries.map(({ fault, limit, seconds, why }) => [
      fault.at.toFixed(0),
      fault.kind,
      fault.target,
      fault.for,
      seconds ?? '–',
      limit,
      seconds === null ? (why ?? '') : seconds <= limit ? 'met' : 'not met',
    ]),
  )
}
