import { stateName } from '../machine-definition.ts'
import type { Part, Story } from '../saga-machine.ts'
import { byBeginning } from './parts.ts'
import type { Viewpoint, Why } from './rule.ts'
import { list, time } from './words.ts'

/** How each participant ended, the one that began first stands first. */
export function ended(story: Story): string {
  const endings = byBeginning(story)
    .filter(([, { status }]) => status !== 'unstarted')
    .map(([participant, part]) => `${participant} ${ending(part)}`)
  return `Ended: ${endings.join(', ') || 'no participant has started'}`
}

/** What is left: events have come to participants whose part does not begin with them. */
export function unstarted(story: Story, viewpoint: Viewpoint): Why {
  const keepers = byBeginning(story).filter(([, { deferred }]) => deferred.length > 0)
  const waits = keepers.map(([participant, { deferred, timers }]) => {
    const types = deferred.map(({ type }) => type)
    const until = timers[0] ? ` until ${time(timers[0].dueAt, viewpoint)}` : ''
    return `${participant} to start, which keeps ${list(types, 'and')}${until}`
  })
  const [participant, part] = keepers[0] ?? byBeginning(story)[0] ?? ['nobody', undefined]
  return {
    cause: 'waiting',
    sentence: `Waiting for ${list(waits, 'and')}`,
    responsible: participant,
    since: part?.startedAt ?? story.beganAt,
    until: part?.timers[0]?.dueAt ?? null,
    isStuck: false,
  }
}

function ending({ state, status }: Part): string {
  return status === 'done' ? stateName(state) : `stopped with an error in \`${stateName(state)}\``
}
