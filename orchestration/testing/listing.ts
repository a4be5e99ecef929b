import { causeInWords } from '../cause-in-words.ts'
import type { JournalRow } from '../journal.ts'
import { stateName } from '../tracker/machine-definition.ts'
import type { Step } from './stage.ts'

/** A step in one line: what happened, and what came of it. */
export function lineOf(step: Step): string {
  if ('what' in step) return `${step.what} → ${step.decision}: nothing comes of it`
  return `${happened(step.row)} → ${cameOf(step.row)}`
}

function happened({ cause }: JournalRow): string {
  const said =
    cause.kind === 'answer' ? JSON.stringify(cause.value) : cause.kind === 'retry' ? cause.error : ''
  return [causeInWords(cause), said].join(' ').trim()
}

function cameOf({ state, outcome, emitted, effects, cause }: JournalRow): string {
  const reason = cause.kind === 'poison' ? `: ${cause.reason}` : ''
  return [
    state === null ? 'not started' : stateName(state.value),
    ...(outcome === 'applied' ? [] : [outcome + reason]),
    ...(emitted.length > 0 ? [`says ${emitted.map(({ type }) => type).join(', ')}`] : []),
    ...(cause.kind !== 'retry' && effects.started.length > 0
      ? [`asks for ${effects.started.map(({ id }) => id).join(', ')}`]
      : []),
  ].join(', ')
}
