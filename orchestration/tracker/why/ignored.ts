import type { Story } from '../saga-machine.ts'
import { activeParts, byBeginning, pendingTimers } from './parts.ts'
import type { Viewpoint, Why } from './rule.ts'
import { time, where } from './words.ts'

/** The last thing that came to a part was an event that its state ignores, and nothing else moves: nobody will go on by himself. */
export function ignored(story: Story, viewpoint: Viewpoint): Why | undefined {
  if (story.state === 'running' || pendingTimers(story).length > 0) return undefined
  const [last] = byBeginning(story)
    .filter(([, { last }]) => last.kind === 'event' && last.outcome === 'ignored')
    .sort(([, a], [, b]) => b.at - a.at)
  if (!last) return undefined
  const [participant, part] = last
  const waiting = activeParts(story).map(([name, active]) => where(name, active))
  return {
    cause: 'ignored',
    sentence: `${where(participant, part)} ignored ${part.last.name} at ${time(part.at, viewpoint)}, and nothing else is on its way to ${waiting.join(', ') || 'anybody'}`,
    responsible: participant,
    since: part.at,
    until: null,
    isStuck: true,
  }
}
