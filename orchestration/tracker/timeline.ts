import { type Difference, differences } from '../differences.ts'
import type { SagaStep } from '../saga-steps.ts'
import { causeName, traceIdOf } from './story.ts'

/** One step in its place among all others. Payloads are as they were said: whoever shows them masks them. */
export type TimelineEntry = {
  readonly step: SagaStep
  /** What its cause is called. */
  readonly name: string
  /** State values of its participant; `null` while not started. */
  readonly before: unknown
  readonly after: unknown
  /** What it changed in the machine's context: `expected` is what was there before, `found` what is there now. */
  readonly changes: readonly Difference[]
  readonly traceId: string | null
}

/**
 * All steps of a saga in one line: by time, but never against cause and effect, whatever the participants' clocks say. A step follows
 * the earlier ones of its participant and the step that said its cause.
 */
export function timeline(steps: readonly SagaStep[]): TimelineEntry[] {
  const lanes = Map.groupBy(
    steps.toSorted((a, b) => a.seq - b.seq),
    ({ participant }) => participant,
  )
  const unsaid = new Set(steps.flatMap(({ emitted }) => emitted.map(({ id }) => id)))
  const last = new Map<string, SagaStep>()
  const line: TimelineEntry[] = []
  for (let open = [...lanes.values()]; open.length > 0; open = open.filter((lane) => lane.length > 0)) {
    const next = open.filter(([step]) => step && !unsaid.has(step.cause.id))
    const step = (next.length > 0 ? next : open).reduce(earlier).shift()
    if (!step) continue
    for (const { id } of step.emitted) unsaid.delete(id)
    line.push(entry(step, last.get(step.participant)))
    last.set(step.participant, step)
  }
  return line
}

function earlier(a: SagaStep[], b: SagaStep[]): SagaStep[] {
  return (b[0]?.at ?? 0) < (a[0]?.at ?? 0) ? b : a
}

function entry(step: SagaStep, before: SagaStep | undefined): TimelineEntry {
  return {
    step,
    name: causeName(step.cause),
    before: before?.state?.value ?? null,
    after: step.state?.value ?? null,
    changes: differences(before?.state?.context ?? {}, step.state?.context ?? {}),
    traceId: traceIdOf(step),
  }
}
