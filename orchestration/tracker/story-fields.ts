import { stateName } from './machine-definition.ts'
import type { SagaState, Story } from './saga-machine.ts'

/** What a list of sagas asks for; all of it must hold. Times are epoch milliseconds. */
export type StoryQuery = {
  /** Of anything in the saga: itself, an event, a trace, or what its events speak of. */
  readonly id?: string
  readonly states?: readonly SagaState[]
  /** Of `fieldsOf`: `step:<participant>.<state>`, `version:<version>`, `version:<participant>@<version>`. */
  readonly labels?: readonly string[]
  readonly ending?: string
  readonly beganBefore?: number
  /** Something in it should have happened by itself before this. */
  readonly dueBefore?: number
}

/** `urgency`: those that go on, the oldest first, and then those that have ended, the last one first. The others go by beginning. */
export type StoryOrder = 'urgency' | 'oldest' | 'newest'

/** Where a story stands in an order. */
export type Place = { readonly key: number; readonly id: string }

export type Page = {
  readonly order: StoryOrder
  readonly limit: number
  /** The last one of the page before. */
  readonly after?: Place
}

/** What stories are found and ordered by: facts of the story, none of its own. */
export type StoryFields = {
  readonly state: SagaState
  readonly rank: number
  readonly beganAt: number
  /** Absent when nothing is to happen by itself. */
  readonly dueAt?: number
  /** The final state of the first participant; `null` while the saga has not ended. */
  readonly ending: string | null
  readonly labels: readonly string[]
  readonly ids: readonly string[]
}

/** Higher than any time: stories that have ended stand behind all others. */
export const endedRank = 4e15

/** The rank of a story that ended at this time; the later, the lower. */
export function rankOfEnded(at: number): number {
  return 2 * endedRank - at
}

export function fieldsOf(story: Story): StoryFields {
  const { sagaId, state, beganAt, at, ids } = story
  const hasEnded = state === 'ended'
  const dueAt = dueTime(story)
  return {
    state,
    rank: hasEnded ? rankOfEnded(at) : beganAt,
    beganAt,
    ...(dueAt !== null && !hasEnded && { dueAt }),
    ending: hasEnded ? endingOf(story) : null,
    labels: labelsOf(story),
    ids: [...new Set([sagaId, ...eventIds(story), ...ids])],
  }
}

/** All of a query but the id. */
export type ListQuery = Omit<StoryQuery, 'id'>

export function matches(fields: Omit<StoryFields, 'ids'>, query: ListQuery): boolean {
  const { states, labels = [], ending, beganBefore, dueBefore } = query
  return (
    (states === undefined || states.includes(fields.state)) &&
    labels.every((label) => fields.labels.includes(label)) &&
    (ending === undefined || fields.ending === ending) &&
    (beganBefore === undefined || fields.beganAt < beganBefore) &&
    (dueBefore === undefined || (fields.dueAt !== undefined && fields.dueAt < dueBefore))
  )
}

/** The value that a story has in this order. */
export function keyIn(order: StoryOrder, { rank, beganAt }: Pick<StoryFields, 'rank' | 'beganAt'>): number {
  return order === 'urgency' ? rank : beganAt
}

/** Ids by code, as MongoDB orders strings. */
export function inOrder(order: StoryOrder): (a: Place, b: Place) => number {
  const way = order === 'newest' ? -1 : 1
  return (a, b) => way * (a.key - b.key || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
}

/** The page of these stories that match. */
export function pageOf(stories: readonly Story[], query: ListQuery, { order, limit, after }: Page): Story[] {
  const compare = inOrder(order)
  return stories
    .map((story) => ({ story, fields: fieldsOf(story) }))
    .filter(({ fields }) => matches(fields, query))
    .map(({ story, fields }) => ({ story, place: { key: keyIn(order, fields), id: story.sagaId } }))
    .filter(({ place }) => !after || compare(place, after) > 0)
    .sort((a, b) => compare(a.place, b.place))
    .slice(0, limit)
    .map(({ story }) => story)
}

/** Final state of the participant that began first; `null` when none has started. */
function endingOf({ parts }: Pick<Story, 'parts'>): string | null {
  const [first] = Object.values(parts)
    .filter(({ status }) => status !== 'unstarted')
    .sort((a, b) => a.startedAt - b.startedAt)
  return first ? stateName(first.state) : null
}

/** A part that is held does nothing by itself. */
function dueTime({ parts }: Story): number | null {
  const times = Object.values(parts)
    .filter(({ held }) => !held)
    .flatMap(({ timers, effects }) => [
      ...timers.map(({ dueAt }) => dueAt),
      ...effects.flatMap(({ deadlineAt }) => deadlineAt ?? []),
    ])
  return times.length === 0 ? null : Math.min(...times)
}

/** A nested state is found under the states around it, too. */
function labelsOf({ parts }: Story): string[] {
  const labels = Object.entries(parts).flatMap(([participant, { version, state }]) => [
    `version:${version}`,
    `version:${participant}@${version}`,
    ...(state === null ? [] : statePaths(state).map((path) => `step:${participant}.${path}`)),
  ])
  return [...new Set(labels)]
}

function statePaths(value: unknown): string[] {
  return stateName(value)
    .split(', ')
    .flatMap((leaf) => {
      const names = leaf.split('.')
      return names.map((_, i) => names.slice(0, i + 1).join('.'))
    })
}

function eventIds({ parts }: Story): string[] {
  return Object.values(parts).flatMap(({ said, taken }) => [...said.map(({ id }) => id), ...taken])
}
