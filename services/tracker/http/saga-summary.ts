import {
  fieldsOf,
  type Part,
  type Story,
  sentence,
  stateName,
  type Viewpoint,
  type Why,
  whyOf,
} from '#orchestration'
import type { SagaSummary, Why as WhyView } from '../api.ts'
import { iso } from './viewer.ts'

/** A saga as lists show it. */
export function sagaSummary(story: Story, viewpoint: Viewpoint): SagaSummary {
  const { sagaId, state, beganAt, at, parts, hasCompensated } = story
  const { dueAt = null, ending } = fieldsOf(story)
  const why = whyOf(story, viewpoint)
  return {
    sagaId,
    state,
    why: why && whyView(why),
    sentence: sentence(story, viewpoint),
    ending,
    isCompensating: Object.values(parts).some((part) => part.isCompensating),
    hasCompensated,
    beganAt: iso(beganAt),
    at: iso(at),
    dueAt: iso(dueAt),
    participants: partsInOrder(story).map(([participant, part]) => ({
      participant,
      state: shownState(part),
      status: part.status,
    })),
  }
}

/** Whoever began first stands first. */
export function partsInOrder({ parts }: Pick<Story, 'parts'>): [string, Part][] {
  return Object.entries(parts).sort(([, a], [, b]) => a.startedAt - b.startedAt)
}

export function shownState({ state }: Pick<Part, 'state'>): string | null {
  return state === null ? null : stateName(state)
}

function whyView({ since, until, ...why }: Why): WhyView {
  return { ...why, since: iso(since), until: iso(until) }
}
