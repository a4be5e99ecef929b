import type { Envelope } from '#messaging'
import type { TraceContext } from '#observability'
import {
  close,
  type Draft,
  guarded,
  offer,
  open,
  type StepContext,
  takeDeferred,
  unstarted,
} from './draft.ts'
import type { Cause, DeferredEvent, Head, JournalRow } from './journal.ts'
import type { Participant } from './participant.ts'

/** What a step is asked to take in. Timers, answers and retries name the pending key that they belong to. */
export type Incoming =
  | {
      readonly kind: 'event'
      readonly event: Envelope
      readonly at: { topic: string; partition: number; offset: string }
    }
  | { readonly kind: 'timer'; readonly key: string }
  | {
      readonly kind: 'answer'
      readonly key: string
      readonly status: 'done' | 'error'
      readonly value: unknown
    }
  | { readonly kind: 'retry'; readonly key: string; readonly error: string; readonly notBefore: number }

/** `duplicate`: the event is in the inbox already. `stale`: nothing pending has this key any more. */
export type Decision = 'duplicate' | 'stale' | JournalRow

/**
 * Decides the next row of a saga's part: pure, no I/O, the same input gives the same row. Throws a `PoisonError` when the
 * machine throws on the cause, or emits what its contract does not allow.
 */
export function decide(
  part: Participant,
  head: Head | null,
  incoming: Incoming,
  context: StepContext,
): Decision {
  if (incoming.kind === 'event') {
    if (head?.seen.includes(incoming.event.id)) return 'duplicate'
    return takeEvent(part, head, incoming, context)
  }
  const draft = open(part, head, context)
  if (incoming.kind === 'timer') return fire(draft, incoming.key)
  return incoming.kind === 'answer' ? answer(draft, incoming) : scheduleRetry(draft, incoming)
}

function takeEvent(
  part: Participant,
  head: Head | null,
  incoming: Incoming & { kind: 'event' },
  context: StepContext,
): JournalRow {
  const { event, at } = incoming
  const draft = open(part, head, context)
  const cause: Cause = {
    kind: 'event',
    id: event.id,
    type: event.type,
    source: event.source,
    time: event.time,
    ...at,
  }
  draft.consumed.push(event.id)
  const { data, ...facts } = { ...cause, data: event.data }
  if (draft.state === null && !part.startedBy.has(event.type)) {
    const deferred = defer(facts, data, event.trace, draft.seq)
    if (!draft.pending.timers.some((timer) => timer.id === unstarted)) awaitStart(draft)
    return close(draft, cause, 'deferred', deferred)
  }
  if (draft.state !== null && !part.program.declares(draft.state, event.type)) {
    if (!part.program.mayDeclareLater(draft.state, event.type)) return close(draft, cause, 'ignored')
    return close(draft, cause, 'deferred', defer(facts, data, event.trace, draft.seq))
  }
  const changed = guarded(event.type, () => offer(draft, { ...data, type: event.type }))
  takeDeferred(draft)
  return close(draft, cause, changed || draft.consumed.length > 1 ? 'applied' : 'ignored')
}

function defer(
  facts: Omit<DeferredEvent, 'data' | 'trace' | 'seq'> & { kind?: unknown },
  data: DeferredEvent['data'],
  trace: TraceContext,
  seq: number,
): DeferredEvent {
  const { kind: _, ...event } = facts
  return { ...event, data, trace, seq }
}

function awaitStart(draft: Draft): void {
  const { now, trace } = draft.context
  const timer = {
    key: `${unstarted}@${draft.seq}`,
    id: unstarted,
    event: unstarted,
    dueAt: now + draft.part.unstartedLimit,
    trace,
  }
  draft.pending = { ...draft.pending, timers: [...draft.pending.timers, timer] }
}

function fire(draft: Draft, key: string): Decision {
  const timer = draft.pending.timers.find((pending) => pending.key === key)
  if (!timer) return 'stale'
  draft.pending = { ...draft.pending, timers: draft.pending.timers.filter((pending) => pending !== timer) }
  if (timer.id === unstarted) {
    draft.expired.push(...(draft.head?.deferred ?? []))
    return close(draft, { kind: 'unstarted', id: key }, 'applied')
  }
  const changed = guarded(timer.event, () => offer(draft, { type: timer.event }))
  takeDeferred(draft)
  return close(draft, { kind: 'timer', id: key, dueAt: timer.dueAt }, changed ? 'applied' : 'ignored')
}

function answer(draft: Draft, { key, status, value }: Incoming & { kind: 'answer' }): Decision {
  const effect = draft.pending.effects.find((pending) => pending.key === key)
  if (!effect) return 'stale'
  draft.pending = { ...draft.pending, effects: draft.pending.effects.filter((pending) => pending !== effect) }
  const event = {
    type: `xstate.${status}.actor.${effect.id}`,
    actorId: effect.id,
    ...(status === 'done' ? { output: value } : { error: value }),
  }
  guarded(event.type, () => offer(draft, event))
  takeDeferred(draft)
  return close(draft, { kind: 'answer', id: key, status, value }, 'applied')
}

function scheduleRetry(draft: Draft, { key, error, notBefore }: Incoming & { kind: 'retry' }): Decision {
  const effect = draft.pending.effects.find((pending) => pending.key === key)
  if (!effect) return 'stale'
  const retried = { ...effect, failures: effect.failures + 1, notBefore }
  draft.pending = {
    ...draft.pending,
    effects: draft.pending.effects.map((pending) => (pending === effect ? retried : pending)),
  }
  return close(draft, { kind: 'retry', id: key, error }, 'applied')
}
