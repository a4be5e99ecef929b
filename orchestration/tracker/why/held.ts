import type { Hold } from '../../journal.ts'
import type { Story } from '../saga-machine.ts'
import { byBeginning } from './parts.ts'
import type { Viewpoint, Why } from './rule.ts'
import { shortened, time } from './words.ts'

/** An event could not be handled, and keeps all that comes after it waiting. */
export function deadLettered(story: Story, viewpoint: Viewpoint): Why | undefined {
  const [first] = holds(story).filter(({ hold }) => !isPause(hold))
  if (!first) return undefined
  const { participant, hold } = first
  const { at: since, row, reason } = hold
  return {
    cause: 'dead-letter',
    sentence: `Held in ${participant} since ${time(since, viewpoint)} until a dead letter is redriven or discarded (row ${row}): ${shortened(reason)}`,
    responsible: participant,
    since,
    until: null,
    isStuck: true,
  }
}

/** An operator has stopped it. */
export function paused(story: Story, viewpoint: Viewpoint): Why | undefined {
  const [first] = holds(story).filter(({ hold }) => isPause(hold))
  if (!first) return undefined
  const { participant, hold } = first
  const { at: since, reason } = hold
  return {
    cause: 'paused',
    sentence: `Paused by an operator in ${participant} since ${time(since, viewpoint)}: ${shortened(reason)}`,
    responsible: participant,
    since,
    until: null,
    isStuck: true,
  }
}

function isPause({ code }: Hold): boolean {
  return code === 'CHORUS_PAUSED'
}

/** The oldest one first. */
function holds(story: Story): { readonly participant: string; readonly hold: Hold }[] {
  return byBeginning(story)
    .flatMap(([participant, { held = [] }]) => held.map((hold) => ({ participant, hold })))
    .sort((a, b) => a.hold.at - b.hold.at)
}
