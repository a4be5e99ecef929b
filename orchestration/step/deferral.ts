import { askerOf, type Envelope } from '#messaging'
import type { DeferredEvent, Letter } from '../journal.ts'
import { type Draft, holdOf, unstarted } from './draft.ts'
import { complaint, offer } from './offer.ts'

/** Where an event lay when it came. */
export type Place = { readonly topic: string; readonly partition: number; readonly offset: string }

/** An event as it waits: what it says, and where it lay. */
export function deferredEvent(event: Envelope, at: Place, seq: number): DeferredEvent {
  const { id, type, source, time, data, trace } = event
  return { id, type, source, time, ...at, ...askerOf(event), data, trace, seq }
}

/** Keeps an event in its place; a saga that is not started does not wait for its start for ever. */
export function defer(draft: Draft, event: DeferredEvent): void {
  draft.waiting = [...draft.waiting, event].sort((a, b) => a.seq - b.seq)
  if (draft.state === null && !draft.pending.timers.some(({ id }) => id === unstarted)) awaitStart(draft)
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

/**
 * To a fixpoint, in arrival order: each event that is taken in may open the door for an earlier one. One that the machine refuses
 * holds the saga: it is not the fault of this step's cause, and nothing may overtake it. What no later state can take in is dropped.
 */
export function takeDeferred(draft: Draft): void {
  for (let next = nextDeferred(draft); next; next = nextDeferred(draft)) {
    const event = next
    const before = { state: draft.state, pending: draft.pending, emitted: draft.emitted.length }
    draft.waiting = draft.waiting.filter((other) => other !== event)
    try {
      offer(draft, { ...event.data, type: event.type })
      for (const said of draft.emitted.slice(before.emitted)) draft.context.check?.(said)
      draft.consumed.push(event.id)
    } catch (error) {
      draft.state = before.state
      draft.pending = before.pending
      draft.emitted.length = before.emitted
      hold(draft, { id: event.id, ...complaint(event.type, error), event })
    }
  }
  dropUnwanted(draft)
}

function nextDeferred({ part, program, held, waiting, state }: Draft): DeferredEvent | undefined {
  if (held.length > 0) return undefined
  return waiting.find(({ type }) =>
    state === null ? part.startedBy.has(type) : program.declares(state, type),
  )
}

function dropUnwanted(draft: Draft): void {
  const { state, held, program } = draft
  if (state === null || held.length > 0) return
  const isWanted = ({ type }: DeferredEvent) =>
    program.declares(state, type) || program.mayDeclareLater(state, type)
  draft.dropped.push(...draft.waiting.filter((event) => !isWanted(event)).map(({ id }) => id))
  draft.waiting = draft.waiting.filter(isWanted)
}

/** From this row on the saga waits for what becomes of the letter. */
export function hold(draft: Draft, letter: Letter): void {
  const { id, code, reason } = letter
  draft.letters.push(letter)
  draft.held = [...draft.held, holdOf(draft, { id, code, reason })]
}
