import { chart, mermaid } from './chart.ts'
import type { Report } from './check.ts'
import type { Finding } from './property.ts'

export type Drawing = 'chart' | 'mermaid'

/** A report as text: the figures, then each property with what is wrong about it, drawn for a terminal or for a page. */
export function reportText(report: Report, drawing: Drawing = 'chart'): string {
  const { name, states, steps, participantSteps, transitions, took, complete, maxStates, properties } = report
  const rate = Math.round((states / took) * 1_000)
  const bound = complete
    ? 'That is all of them'
    : `NOT ALL: the bound of ${count(maxStates)} joint states was met, so nothing is proven`
  return [
    `The choreography of ${name}: ${count(states)} joint states, ${count(steps)} steps between them, in ${(took / 1_000).toFixed(1)} s (${count(rate)} states/s).`,
    `${bound} (bound: ${count(maxStates)}). ${count(participantSteps)} different steps of single participants, each repeated as after a crash; ${transitions.taken} of ${transitions.all} transitions taken.`,
    '',
    ...properties.flatMap(({ promises, findings, isJudged }) => [
      `${isJudged ? (findings.length === 0 ? '✓' : '✗') : '·'} ${promises}${isJudged ? '' : ': not judged'}`,
      ...findings.map((finding) => indent(findingText(finding, drawing))),
    ]),
  ].join('\n')
}

/** One finding: what is wrong, where, and the shortest way there. */
export function findingText({ says, where, story }: Finding, drawing: Drawing = 'chart'): string {
  const place = where && `${where.file}${where.state ? `, state "${where.state}"` : ''}`
  const drawn = story && (drawing === 'chart' ? chart(story) : mermaid(story))
  return [says, ...(place ? [place] : []), ...(drawn ? [drawn] : [])].join('\n')
}

const count = (number: number) => number.toLocaleString('en')

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ')
}
