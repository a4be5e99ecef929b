import { askerOf, type Envelope } from '#messaging'
import type { Control } from '../control.ts'
import type { Cause, Head, JournalRow, Letter, StoredRecord } from '../journal.ts'
import type { Participant } from '../participant.ts'
import { defer, deferredEvent, hold, type Place, takeDeferred } from './deferral.ts'
import { close, type Draft, open, type StepContext, unstarted } from './draft.ts'
import { guarded, offer } from './offer.ts'
import { type Redriven, takeCommand } from './operate.ts'

/** What a step is asked to take in. Timers, answers and retries name the pending key that they belong to. */
export type Incoming =
  | { readonly kind: 'event'; readonly event: Envelope; readonly at: Place }
  | { readonly kind: 'poison'; readonly letter: Letter & { readonly record: StoredRecord } }
  | { readonly kind: 'command'; readonly control: Control; readonly redriven?: Redriven }
  | { readonly kind: 'timer'; readonly key: string }
  | {
      readonly kind: 'answer'
      readonly key: string
      readonly status: 'done' | 'error'
      readonly value: unknown
    }
  | { readonly kind: 'retry'; readonly key: string; readonly error: string; readonly notBefore: number }

/**
 * `duplicate`: it is in the inbox already. `stale`: nothing pending has this key any more. `held`: the saga waits for a person, and
 * its timers with it.
 */
export type Decision = 'duplicate' | 'stale' | 'held' | JournalRow

/**
 * Decides the next row of a saga's part: pure, no I/O, the same input gives the same row. Throws a `PoisonError` when the
 * machine throws on the cause, or emits what its contract does not allow; a `RetryableError` when the saga's version is not known here.
 */
export function decide(
  part: Participant,
  head: Head | null,
  incoming: Incoming,
  context: StepContext,
): Decision {
  const inboxed = inboxId(incoming)
  if (inboxed !== undefined && head?.seen.includes(inboxed)) return 'duplicate'
  const draft = open(part, head, context)
  switch (incoming.kind) {
    case 'event':
      return takeEvent(draft, incoming)
    case 'poison':
      return setAside(draft, incoming.letter)
    case 'command':
      return takeCommand(draft, incoming)
    case 'timer':
      return fire(draft, incoming.key)
    case 'answer':
      return answer(draft, incoming)
    case 'retry':
      return scheduleRetry(draft, incoming)
  }
}

function inboxId(incoming: Incoming): string | undefined {
  switch (incoming.kind) {
    case 'event':
      return incoming.event.id
    case 'poison':
      return incoming.letter.id
    case 'command':
      return incoming.control.id
    default:
      return undefined
  }
}

function takeEvent(draft: Draft, { event, at }: Incoming & { kind: 'event' }): JournalRow {
  const { id, type, source, time, data } = event
  const isAddressed = draft.part.contracts.events[type]?.owner === draft.part.name
  const about = { id, type, source, time, ...at, ...askerOf(event) }
  const cause: Cause = { kind: 'event', ...about, ...(isAddressed && { data }) }
  draft.consumed.push(id)
  if (canTake(draft, type)) {
    const changed = guarded(type, () => offer(draft, { ...event.data, type }))
    takeDeferred(draft)
    return close(draft, cause, changed || draft.consumed.length > 1 ? 'applied' : 'ignored')
  }
  if (draft.state !== null && !mayTakeLater(draft, type)) return close(draft, cause, 'ignored')
  defer(draft, deferredEvent(event, at, draft.seq))
  return close(draft, cause, 'deferred')
}

function canTake({ part, program, state, held }: Draft, type: string): boolean {
  if (held.length > 0) return false
  return state === null ? part.startedBy.has(type) : program.declares(state, type)
}

function mayTakeLater({ program, state }: Draft, type: string): boolean {
  return state !== null && (program.declares(state, type) || program.mayDeclareLater(state, type))
}

function setAside(draft: Draft, letter: Letter & { readonly record: StoredRecord }): JournalRow {
  const { id, code, reason, record } = letter
  const { topic, partition, offset } = record
  draft.consumed.push(id)
  hold(draft, letter)
  return close(draft, { kind: 'poison', id, code, reason, topic, partition, offset }, 'held')
}

function fire(draft: Draft, key: string): Decision {
  const timer = draft.pending.timers.find((pending) => pending.key === key)
  if (!timer) return 'stale'
  if (draft.held.length > 0) return 'held'
  draft.pending = { ...draft.pending, timers: draft.pending.timers.filter((pending) => pending !== timer) }
  if (timer.id === unstarted) return giveUp(draft, key)
  const changed = guarded(timer.event, () => offer(draft, { type: timer.event }))
  takeDeferred(draft)
  return close(draft, { kind: 'timer', id: key, dueAt: timer.dueAt }, changed ? 'applied' : 'ignored')
}

/** Nobody has started the saga: what waited for it goes to the dead letters. */
function giveUp(draft: Draft, key: string): JournalRow {
  for (const event of draft.waiting) {
    const reason = `"${event.type}" waited for a saga that was never started`
    draft.letters.push({ id: event.id, code: 'CHORUS_NEVER_STARTED', reason, event })
  }
  draft.waiting = []
  return close(draft, { kind: 'unstarted', id: key }, 'applied')
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
  const retried = { ...effect, failures: effect.failures + 1, notBefore, attempted: draft.context.trace }
  draft.pending = {
    ...draft.pending,
    effects: draft.pending.effects.map((pending) => (pending === effect ? retried : pending)),
  }
  return close(draft, { kind: 'retry', id: key, error }, 'applied')
}
