import { delayName, type Part, type SagaStep, type Story, type TimelineEntry, waitsFor } from '#orchestration'
import type { PartView, SagaView } from '../api.ts'
import { partsInOrder, sagaSummary, shownState } from './saga-summary.ts'
import { stepView } from './step-view.ts'
import { iso, type Viewer, viewpointOf } from './viewer.ts'

/** A saga with all that is known of it. What is personal in payloads and contexts is masked. */
export function sagaView(story: Story, line: readonly TimelineEntry[], viewer: Viewer): SagaView {
  const traceIds = line.flatMap(({ traceId }) => traceId ?? [])
  return {
    ...sagaSummary(story, viewpointOf(viewer)),
    parts: partsInOrder(story).map(([participant, part]) =>
      partView(
        participant,
        part,
        line.filter(({ step }) => step.participant === participant),
        viewer,
      ),
    ),
    timeline: line.map((entry) => stepView(entry, story, viewer)),
    traceIds: [...new Set(traceIds)],
  }
}

function partView(participant: string, part: Part, line: readonly TimelineEntry[], viewer: Viewer): PartView {
  const { version, startedAt, at, status, state, timers, effects, deferred, held = [] } = part
  const { definition } = viewer.tracker.definitions.of(participant, version) ?? {}
  const { events, until, timer } = waitsFor(participant, part, viewpointOf(viewer))
  const newest: SagaStep | undefined = line.at(-1)?.step
  return {
    participant,
    version,
    state: shownState(part),
    value: state,
    status,
    startedAt: iso(startedAt),
    at: iso(at),
    path: pathOf(line),
    waitsFor: { events, until: iso(until), timer },
    timers: timers.map(({ id, event, dueAt }) => ({
      id,
      name: delayName(definition, state, event),
      dueAt: iso(dueAt),
    })),
    effects: effects.map(({ id, attempt, startedAt, notBefore, deadlineAt = null, error = null }) => ({
      id,
      attempt,
      startedAt: iso(startedAt),
      notBefore: iso(notBefore),
      deadlineAt: iso(deadlineAt),
      error,
    })),
    held: held.map(({ row, code, reason, at }) => ({ row, code, reason, at: iso(at) })),
    deferred: deferred.map(({ id, type, at }) => ({ id, type, at: iso(at) })),
    context: viewer.masking.anything(newest?.state?.context ?? null),
  }
}

/** A step that stays in its state adds nothing. */
function pathOf(line: readonly TimelineEntry[]): string[] {
  const states = line.flatMap(({ after }) => shownState({ state: after }) ?? [])
  return states.filter((state, i) => state !== states[i - 1])
}
