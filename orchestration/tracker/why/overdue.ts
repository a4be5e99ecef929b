import { delayName } from '../machine-definition.ts'
import type { Story } from '../saga-machine.ts'
import { pendingTimers } from './parts.ts'
import type { Viewpoint, Why } from './rule.ts'
import { time, where } from './words.ts'

/** A timer may fire, and its step come here, so much later than it was due, in ms. */
export const overdueAfter = 3_000

/** A timer should have fired, and has not. */
export function overdue(story: Story, viewpoint: Viewpoint): Why | undefined {
  const [first] = pendingTimers(story)
  if (!first || viewpoint.now - first.timer.dueAt <= overdueAfter) return undefined
  const { participant, part, timer } = first
  const { definition } = viewpoint.definitions.of(participant, part.version) ?? {}
  return {
    cause: 'overdue',
    sentence: `The timer ${delayName(definition, part.state, timer.event)} in ${where(participant, part)} was due at ${time(timer.dueAt, viewpoint)}, and ${participant} has not fired it`,
    responsible: participant,
    since: timer.dueAt,
    until: timer.dueAt,
    isStuck: true,
  }
}
