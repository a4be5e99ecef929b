import { awaitedEvents, delayName } from '../machine-definition.ts'
import type { Part, Story } from '../saga-machine.ts'
import type { StoryEffect, StoryTimer } from '../story.ts'
import type { Viewpoint } from './rule.ts'

/** The one that began first stands first. */
export function byBeginning({ parts }: Pick<Story, 'parts'>): [string, Part][] {
  return Object.entries(parts).sort(([, a], [, b]) => a.startedAt - b.startedAt)
}

export function activeParts(story: Pick<Story, 'parts'>): [string, Part][] {
  return byBeginning(story).filter(([, { status }]) => status === 'active')
}

type Pending<T> = { readonly participant: string; readonly part: Part } & T

/** Effects under way, the one that began first stands first. */
export function pendingEffects(story: Pick<Story, 'parts'>): Pending<{ readonly effect: StoryEffect }>[] {
  return byBeginning(story)
    .flatMap(([participant, part]) => part.effects.map((effect) => ({ participant, part, effect })))
    .sort((a, b) => a.effect.startedAt - b.effect.startedAt)
}

/** Timers that will fire, the next one first. A part that is held lets none fire. */
export function pendingTimers(story: Pick<Story, 'parts'>): Pending<{ readonly timer: StoryTimer }>[] {
  return byBeginning(story)
    .filter(([, { held }]) => !held)
    .flatMap(([participant, part]) => part.timers.map((timer) => ({ participant, part, timer })))
    .sort((a, b) => a.timer.dueAt - b.timer.dueAt)
}

/** The event types that this part waits for, and the nearest time at which it goes on by itself. */
export function waitsFor(
  participant: string,
  part: Part,
  { definitions }: Pick<Viewpoint, 'definitions'>,
): { readonly events: readonly string[]; readonly until: number | null; readonly timer: string | null } {
  if (part.status !== 'active') return { events: [], until: null, timer: null }
  const { definition } = definitions.of(participant, part.version) ?? {}
  const next = part.timers.toSorted((a, b) => a.dueAt - b.dueAt)[0]
  return {
    events: awaitedEvents(definition, part.state),
    until: next?.dueAt ?? null,
    timer: next ? delayName(definition, part.state, next.event) : null,
  }
}
