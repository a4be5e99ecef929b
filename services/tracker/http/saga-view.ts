import {
  type Part,
  type Story,
  sentence,
  stateName,
  type TimelineEntry,
  type Viewpoint,
  waitsFor,
} from '#orchestration'

/** A saga as the list shows it. Times are ISO 8601 in UTC. */
export function sagaSummary(story: Story, viewpoint: Viewpoint) {
  const { sagaId, state, beganAt, at, parts } = story
  return {
    sagaId,
    state,
    sentence: sentence(story, viewpoint),
    beganAt: iso(beganAt),
    at: iso(at),
    participants: Object.entries(parts)
      .sort(([, a], [, b]) => a.startedAt - b.startedAt)
      .map(([participant, part]) => ({ participant, state: shownState(part), status: part.status })),
  }
}

/** A saga with all that is known of it, without the payloads of its events. */
export function sagaView(story: Story, line: readonly TimelineEntry[], viewpoint: Viewpoint) {
  const summary = sagaSummary(story, viewpoint)
  return {
    ...summary,
    participants: summary.participants.map(({ participant }) =>
      partView(participant, story.parts[participant] as Part, viewpoint),
    ),
    timeline: line.map(({ at, before, after, ...entry }) => ({
      ...entry,
      at: iso(at),
      before: before === null ? null : stateName(before),
      after: after === null ? null : stateName(after),
    })),
  }
}

function partView(participant: string, part: Part, viewpoint: Viewpoint) {
  const { seq, version, startedAt, at, status, last, timers, effects, deferred, held = [] } = part
  const { events, until } = waitsFor(participant, part, viewpoint)
  return {
    participant,
    version,
    seq,
    state: shownState(part),
    status,
    startedAt: iso(startedAt),
    at: iso(at),
    last,
    waitsFor: { events, until: until === null ? null : iso(until) },
    timers: timers.map(({ id, dueAt }) => ({ id, dueAt: iso(dueAt) })),
    effects: effects.map(({ id, attempt, startedAt, notBefore, deadlineAt, error }) => ({
      id,
      attempt,
      startedAt: iso(startedAt),
      notBefore: iso(notBefore),
      deadlineAt: deadlineAt === undefined ? null : iso(deadlineAt),
      error: error ?? null,
    })),
    held: held.map(({ row, code, reason, at }) => ({ row, code, reason, at: iso(at) })),
    deferred: deferred.map(({ id, type, at }) => ({ id, type, at: iso(at) })),
  }
}

function shownState({ state }: Part): string | null {
  return state === null ? null : stateName(state)
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
