import { controlTopic } from '../../control.ts'
import type { Story } from '../saga-machine.ts'
import { activeParts, waitsFor } from './parts.ts'
import type { Viewpoint, Why } from './rule.ts'
import { list, time, where } from './words.ts'

/** Only events of its own control topic would change something: those that an operator sends. */
export function waitingForPerson(story: Story, viewpoint: Viewpoint): Why | undefined {
  const [first] = activeParts(story)
    .map(([participant, part]) => ({ participant, part, ...waitsFor(participant, part, viewpoint) }))
    .filter(({ participant, part, events, until }) => {
      const { listensTo = [] } = viewpoint.definitions.of(participant, part.version) ?? {}
      const isSignal = (type: string) =>
        listensTo.some((event) => event.type === type && event.topic === controlTopic(participant))
      return until === null && part.effects.length === 0 && events.length > 0 && events.every(isSignal)
    })
  if (!first) return undefined
  const { participant, part, events } = first
  return {
    cause: 'person',
    sentence: `${where(participant, part)} waits for a person since ${time(part.at, viewpoint)}: ${list(events, 'or')}`,
    responsible: participant,
    since: part.at,
    until: null,
    isStuck: true,
  }
}
