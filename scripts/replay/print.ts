import { grouped, type ReplayReport, sentenceOf, twoWaysOn } from '#orchestration'

export type Told = { readonly report: ReplayReport; readonly from: string; readonly seconds: number }

/** The report for a terminal. */
export function asText({ report, from, seconds }: Told): string {
  const { sagas, rows, judged, unjudged, divergences } = report
  return [
    `${count(sagas, 'saga')} with ${count(rows, 'row')} from ${from}, in ${seconds.toFixed(1)} s: ${count(rate(rows, seconds), 'row')}/s.`,
    ...(unjudged.size > 0 ? [`${count(rows - judged, 'row')} could not be decided again:`] : []),
    ...[...unjudged].map(([why, rows]) => `  ${rows} × ${why}`),
    ...(divergences.length > 0
      ? found(report)
      : ['No divergence: each of these rows comes out as it was recorded.']),
  ].join('\n')
}

function found({ divergences }: ReplayReport): string[] {
  const versions = new Map(
    divergences.map(({ participant, version }) => [
      `${participant}@${version}`,
      [participant, version] as const,
    ]),
  )
  return [
    `${count(divergences.length, 'divergence')}:`,
    ...grouped(divergences).map(
      ({ first, sagas }) => `  ${count(sagas, 'saga')}, such as ${sentenceOf(first)}`,
    ),
    ...[...versions.values()].map(([participant, version]) => `\n${twoWaysOn(participant, version)}`),
  ]
}

/** The same for programs. */
export function asJson({ report, from, seconds }: Told): string {
  const { unjudged, divergences, ...counts } = report
  return JSON.stringify(
    {
      from,
      ...counts,
      rowsPerSecond: rate(report.rows, seconds),
      unjudged: Object.fromEntries(unjudged),
      divergences: grouped(divergences).map(({ first, sagas }) => ({ sagas, ...first })),
    },
    null,
    2,
  )
}

function rate(rows: number, seconds: number): number {
  return Math.round(rows / Math.max(seconds, 0.001))
}

function count(number: number, what: string): string {
  return `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`
}
