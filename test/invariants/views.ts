import { differences, fold, type Head, type Part, type Story } from '#orchestration'
import type { Check, Violation } from './evidence.ts'
import { type StoredPart, type View, viewOf } from './view.ts'

const invariant = 'I7'

/** The folded journal is the head, and what the tracker tells, for every saga. */
export const views: Check = (evidence) => {
  const view = viewOf(evidence)
  const stories = evidence.stories && new Map(evidence.stories.map((story) => [story.sagaId, story]))
  return [
    ...view.parts.flatMap((part) => {
      const folded = part.rows.reduce<Head | null>(fold, null)
      const faults = [headFault(part, folded), stories && storyFault(part, folded, stories.get(part.sagaId))]
      return faults.flatMap((says) => (says ? [{ invariant, sagaId: part.sagaId, says }] : []))
    }),
    ...(evidence.stories ?? []).flatMap((story) => unfounded(story, view)),
  ]
}

function headFault({ name, rows, head }: StoredPart, folded: Head | null): string | undefined {
  if (!head) return `${name} has ${rows.length} rows and no head`
  if (!folded) return `${name} has a head without any row`
  const [difference] = differences(folded, head)
  return difference && `the head of ${name} is not its folded journal: "${difference.path}" differs`
}

function storyFault({ name }: StoredPart, folded: Head | null, story: Story | undefined): string | undefined {
  const part = story?.parts[name]
  if (!part) return `the tracker knows nothing of ${name}`
  const [difference] = folded ? differences(toldBy(folded), toldBy(part)) : []
  return difference && `the tracker tells another "${difference.path}" of ${name} than its journal`
}

function unfounded({ sagaId, parts }: Story, { partOf }: View): Violation[] {
  return Object.keys(parts)
    .filter((name) => !partOf(name, sagaId))
    .map((name) => ({ invariant, sagaId, says: `the tracker tells of ${name}, which has no row` }))
}

/** What head and story both know. */
function toldBy(of: Head | Part): Record<string, unknown> {
  const ofStory = 'taken' in of
  return {
    seq: of.seq,
    state: ofStory ? of.state : (of.state?.value ?? null),
    version: of.version,
    at: of.at,
    startedAt: of.startedAt,
    taken: ofStory ? of.taken : of.seen,
    deferred: of.deferred.map(({ id }) => id),
    held: (of.held ?? []).map(({ row }) => row),
    timers: of.timers.map(({ key, dueAt }) => ({ key, dueAt })),
    effects: of.effects.map(({ key, notBefore }) => ({ key, notBefore })),
  }
}
