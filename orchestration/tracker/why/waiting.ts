import { delayName } from '../machine-definition.ts'
import type { Part, Story } from '../saga-machine.ts'
import { activeParts, pendingTimers, waitsFor } from './parts.ts'
import type { Viewpoint, Why } from './rule.ts'
import { list, time, where } from './words.ts'

/** Nothing moves until somebody speaks or the next timer fires. */
export function waitingForTimer(story: Story, viewpoint: Viewpoint): Why | undefined {
  const [next] = pendingTimers(story).filter(({ part }) => part.status === 'active')
  if (!next) return undefined
  const { participant, part, timer } = next
  const { definition } = viewpoint.definitions.of(participant, part.version) ?? {}
  const { events, sayers } = awaited(participant, part, viewpoint)
  const what = events.length > 0 ? ` for ${list(events, 'or')}${from(sayers)}` : ''
  return {
    cause: 'waiting',
    sentence: `Waiting in ${where(participant, part)}${what} until ${time(timer.dueAt, viewpoint)}; timer ${delayName(definition, part.state, timer.event)}`,
    responsible: sayers[0] ?? participant,
    since: part.at,
    until: timer.dueAt,
    isStuck: false,
  }
}

/** Nothing moves until somebody speaks. */
export function waiting(story: Story, viewpoint: Viewpoint): Why | undefined {
  const [first] = activeParts(story)
  if (!first) return undefined
  const [participant, part] = first
  const { events, sayers } = awaited(participant, part, viewpoint)
  const what =
    events.length > 0 ? `${list(events, 'or')}${from(sayers)}` : 'an event that its definition would name'
  return {
    cause: 'waiting',
    sentence: `Waiting in ${where(participant, part)} for ${what}, with no time limit`,
    responsible: sayers[0] ?? participant,
    since: part.at,
    until: null,
    isStuck: false,
  }
}

/** What participants may say to this part. When none of it is known to be a participant's, whatever would change something. */
function awaited(
  participant: string,
  part: Part,
  viewpoint: Viewpoint,
): { readonly events: readonly string[]; readonly sayers: readonly string[] } {
  const { events } = waitsFor(participant, part, viewpoint)
  const said = events.map((type) => ({ type, by: viewpoint.definitions.sayersOf(type) }))
  const byParticipants = said.filter(({ by }) => by.length > 0)
  const sayers = [...new Set(byParticipants.flatMap(({ by }) => by))]
  return { events: sayers.length > 0 ? byParticipants.map(({ type }) => type) : events, sayers }
}

function from(sayers: readonly string[]): string {
  return sayers.length > 0 ? ` from ${list(sayers, 'or')}` : ''
}
