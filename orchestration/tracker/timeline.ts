import type { SagaStep } from '../saga-steps.ts'
import { causeName } from './story.ts'

/** One step as it is shown: facts, no payload. */
export type TimelineEntry = {
  readonly participant: string
  readonly seq: number
  readonly version: string
  /** Epoch milliseconds. */
  readonly at: number
  readonly cause: {
    readonly kind: SagaStep['cause']['kind']
    readonly id: string
    readonly name: string
    /** Why an attempt failed, a record could not be handled, or nothing came of a command. */
    readonly error?: string
    /** Who commanded, and why. */
    readonly by?: string
    readonly reason?: string
  }
  readonly outcome: SagaStep['outcome']
  /** State values; `null` while not started. */
  readonly before: unknown
  readonly after: unknown
  readonly emitted: readonly { readonly id: string; readonly type: string }[]
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
  const line: TimelineEntry[] = []
  for (let open = [...lanes.values()]; open.length > 0; open = open.filter((lane) => lane.length > 0)) {
    const next = open.filter(([step]) => step && !unsaid.has(step.cause.id))
    const lane = (next.length > 0 ? next : open).reduce(earlier)
    const before = line.findLast(({ participant }) => participant === lane[0]?.participant)
    const step = lane.shift()
    if (!step) continue
    for (const { id } of step.emitted) unsaid.delete(id)
    line.push(entry(step, before?.after ?? null))
  }
  return line
}

function earlier(a: SagaStep[], b: SagaStep[]): SagaStep[] {
  return (b[0]?.at ?? 0) < (a[0]?.at ?? 0) ? b : a
}

function entry(step: SagaStep, before: unknown): TimelineEntry {
  const { participant, seq, version, at, cause, outcome, state, emitted, trace } = step
  return {
    participant,
    seq,
    version,
    at,
    cause: { kind: cause.kind, id: cause.id, name: causeName(cause), ...detail(cause) },
    outcome,
    before,
    after: state?.value ?? null,
    emitted: emitted.map(({ id, type }) => ({ id, type })),
    traceId: trace.traceparent?.split('-')[1] ?? null,
  }
}

function detail(cause: SagaStep['cause']): Pick<TimelineEntry['cause'], 'error' | 'by' | 'reason'> {
  switch (cause.kind) {
    case 'retry':
      return { error: cause.error }
    case 'poison':
      return { error: cause.reason }
    case 'command':
      return { by: cause.by, reason: cause.reason, ...(cause.error !== undefined && { error: cause.error }) }
    default:
      return {}
  }
}
