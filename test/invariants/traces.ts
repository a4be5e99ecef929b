import { fold, type Head, type JournalRow } from '#orchestration'
import type { Check, Evidence, SeenSpan, Violation } from './evidence.ts'
import { type StoredPart, type View, viewOf } from './view.ts'

const invariant = 'I11'

/**
 * Each step goes on in the trace of its cause, so an order is one trace, and one more for each command that a customer sent later.
 * Without kills no span's parent is missing; with kills the journal, or a record, knows the parent of a step.
 */
export const traces: Check = (evidence) => {
  const view = viewOf(evidence)
  return [...view.parts.flatMap((part) => tornSteps(part, view)), ...tornSpans(evidence, view)]
}

function tornSteps(part: StoredPart, view: View): Violation[] {
  const { name, sagaId, rows } = part
  const wrong = (says: string): Violation => ({ invariant, sagaId, says })
  const found: Violation[] = []
  let head: Head | null = null
  for (const row of rows) {
    const own = traceId(row.trace.traceparent)
    const causes = tracesOfCause(row, head, view)
    if (own === undefined) found.push(wrong(`row ${row.seq} of ${name} has no trace`))
    // What came without a trace begins one.
    else if (causes && !causes.has(own) && !causes.has(undefined))
      found.push(wrong(`row ${row.seq} of ${name} is in another trace than its ${row.cause.kind}`))
    for (const { type, id, trace } of row.emitted) {
      if (traceId(trace.traceparent) !== own)
        found.push(wrong(`${type} of row ${row.seq} of ${name} leaves its trace`))
      if (view.said.get(id)?.some(({ traceparent }) => traceparent !== trace.traceparent))
        found.push(wrong(`${type} of row ${row.seq} of ${name} lost its trace on the way to Kafka`))
    }
    head = fold(head, row)
  }
  return found
}

/** The traces in which the cause may have come: a repeated request is another trace. `undefined`: it tells of none. */
function tracesOfCause(
  { cause }: JournalRow,
  head: Head | null,
  { said }: View,
): ReadonlySet<string | undefined> | undefined {
  if (cause.kind === 'event') {
    const places = said.get(cause.id)
    return places && new Set(places.map(({ traceparent }) => traceId(traceparent)))
  }
  const began = [...(head?.timers ?? []), ...(head?.effects ?? [])].find(({ key }) => key === cause.id)
  return began && new Set([traceId(began.trace.traceparent)])
}

function tornSpans(evidence: Evidence, view: View): Violation[] {
  const { spans, withKills } = evidence.run
  if (!spans) return []
  const arrived = new Set(spans.map(({ traceId, spanId }) => `${traceId}-${spanId}`))
  const { contexts, traces } = toldTraces(evidence, view)
  const isKnown = ({ traceId, parentSpanId }: SeenSpan) =>
    parentSpanId === undefined ||
    arrived.has(`${traceId}-${parentSpanId}`) ||
    (withKills && contexts.has(`${traceId}-${parentSpanId}`))
  const wrong = ({ sagaId, service, name }: SeenSpan, says: string): Violation => ({
    invariant,
    ...(sagaId !== undefined && { sagaId }),
    says: `the span "${name}" of ${service} ${says}`,
  })
  return [
    ...spans
      .filter((span) => (!withKills || isTakingIn(span)) && !isKnown(span))
      .map((span) => wrong(span, `has a parent that ${withKills ? 'no journal knows' : 'never arrived'}`)),
    ...spans
      .filter(
        ({ sagaId, outcome, isRefused }) => sagaId !== undefined && outcome !== 'duplicate' && !isRefused,
      )
      .filter(({ sagaId = '', traceId }) => traces.has(sagaId) && !traces.get(sagaId)?.has(traceId))
      .map((span) => wrong(span, "is in none of its order's traces")),
  ]
}

/** A step or an attempt, whose parent came in a header or a row. What is inside of an attempt dies with its process. */
function isTakingIn({ sagaId, name }: SeenSpan): boolean {
  return sagaId !== undefined && !name.startsWith('send ')
}

/** Every context that a row or a record carries, as `<trace>-<span>`, and the traces of each saga. */
function toldTraces(
  { records }: Evidence,
  { parts }: View,
): { contexts: ReadonlySet<string>; traces: ReadonlyMap<string, ReadonlySet<string>> } {
  const contexts = new Set<string>()
  const traces = new Map<string, Set<string>>()
  function tell(sagaId: string | null, traceparent: string | undefined): void {
    const trace = traceId(traceparent)
    if (traceparent === undefined || trace === undefined) return
    contexts.add(traceparent.slice(3, 52))
    if (sagaId === null) return
    const known = traces.get(sagaId) ?? new Set()
    traces.set(sagaId, known.add(trace))
  }
  for (const { key, traceparent } of records) tell(key, traceparent)
  for (const { sagaId, rows } of parts) {
    for (const { trace, emitted, timers, effects } of rows) {
      tell(sagaId, trace.traceparent)
      for (const item of [...emitted, ...timers.started, ...effects.started])
        tell(sagaId, item.trace.traceparent)
    }
  }
  return { contexts, traces }
}

/** `00-<trace>-<span>-<flags>` */
function traceId(traceparent: string | undefined): string | undefined {
  return traceparent?.split('-')[1]
}
