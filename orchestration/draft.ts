import { v5 as uuidv5 } from 'uuid'
import { PoisonError } from '#messaging'
import type { TraceContext } from '#observability'
import type { Cause, DeferredEvent, EmittedEvent, Head, JournalRow, MachineState } from './journal.ts'
import type { Participant } from './participant.ts'
import { type Pending, pendingOf, settle } from './pending.ts'
import type { Move } from './program.ts'

/** What the outside gives to a step, so that the step itself is pure. */
export type StepContext = {
  readonly sagaId: string
  readonly partition: number
  /** Epoch milliseconds. */
  readonly now: number
  readonly attempt: string
  readonly trace: TraceContext
  /** Throws when an event cannot be said. Without it, what the contract's owner may say is taken for sayable. */
  readonly check?: (event: EmittedEvent) => void
}

/** Id of the timer that gives up events of a saga that was never started. */
export const unstarted = 'chorus.unstarted'

const eventIds = '5b2c9f0e-2d0f-5f0a-9a55-0c8f3f9b6a11'

/** A row in the making: what a step has done so far, over its cause and the deferred events that it could take in. */
export type Draft = {
  readonly part: Participant
  readonly head: Head | null
  readonly context: StepContext
  readonly seq: number
  state: MachineState | null
  pending: Pending
  readonly emitted: EmittedEvent[]
  readonly consumed: string[]
  readonly expired: DeferredEvent[]
}

export function open(part: Participant, head: Head | null, context: StepContext): Draft {
  const seq = (head?.seq ?? 0) + 1
  return {
    part,
    head,
    context,
    seq,
    state: head?.state ?? null,
    pending: pendingOf(head),
    emitted: [],
    consumed: [],
    expired: [],
  }
}

/** Offers an event to the machine, starting it first when it is not started; says whether anything came of it. */
export function offer(draft: Draft, event: { readonly type: string }): boolean {
  const { part, context } = draft
  let started = false
  if (draft.state === null) {
    follow(draft, part.program.start({ ...part.input, sagaId: context.sagaId }))
    draft.pending = {
      ...draft.pending,
      timers: draft.pending.timers.filter((timer) => timer.id !== unstarted),
    }
    started = true
  }
  const move = part.program.apply(draft.state as unknown as MachineState, event)
  follow(draft, move)
  return started || move.changed
}

/** To a fixpoint, in arrival order: each event that is taken in may open the door for an earlier one. */
export function takeDeferred(draft: Draft): void {
  for (let next = nextDeferred(draft); next; next = nextDeferred(draft)) {
    const before = { state: draft.state, pending: draft.pending, emitted: draft.emitted.length }
    try {
      offer(draft, { ...next.data, type: next.type })
      for (const event of draft.emitted.slice(before.emitted)) draft.context.check?.(event)
      draft.consumed.push(next.id)
    } catch {
      // Not the fault of this step's cause: the deferred event is given up, the step goes on without it.
      draft.state = before.state
      draft.pending = before.pending
      draft.emitted.length = before.emitted
      draft.expired.push(next)
    }
  }
}

function nextDeferred({ part, head, state, consumed, expired }: Draft): DeferredEvent | undefined {
  if (state === null) return undefined
  return head?.deferred.find(
    (event) =>
      !consumed.includes(event.id) && !expired.includes(event) && part.program.declares(state, event.type),
  )
}

function follow(draft: Draft, move: Move): void {
  const { part, context, seq } = draft
  for (const request of move.requests) {
    if (request.kind === 'emit') draft.emitted.push(emitted(draft, request.event))
  }
  draft.pending = settle(draft.pending, move, {
    sagaId: context.sagaId,
    seq,
    now: context.now,
    trace: context.trace,
    effects: part.effects,
  })
  draft.state = move.state
}

function emitted(
  { part, context, seq, emitted }: Draft,
  { type, ...data }: { readonly type: string },
): EmittedEvent {
  const contract = part.contracts.events[type]
  if (contract?.owner !== part.name) {
    throw new PoisonError(
      `the machine of "${part.name}" emits "${type}", which ${contract ? `belongs to "${contract.owner}"` : 'no contract declares'}`,
    )
  }
  const id = uuidv5(`${part.name}/${context.sagaId}:${seq}/${emitted.length}`, eventIds)
  return { id, type, data, trace: context.trace }
}

/** Runs the machine on a cause: whatever it throws makes the cause poison. */
export function guarded<T>(type: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof PoisonError) throw error
    throw new PoisonError(
      `the machine throws on "${type}": ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
        code: 'CHORUS_MACHINE_THREW',
      },
    )
  }
}

/** The finished row: the draft against the head that it started from. */
export function close(
  draft: Draft,
  cause: Cause,
  outcome: JournalRow['outcome'],
  deferred?: DeferredEvent,
): JournalRow {
  const { part, head, context, seq, pending } = draft
  const before = pendingOf(head)
  return {
    _id: `${context.sagaId}:${seq}`,
    sagaId: context.sagaId,
    seq,
    attempt: context.attempt,
    version: head?.state ? head.version : part.version,
    partition: context.partition,
    at: context.now,
    cause,
    outcome,
    consumed: draft.consumed,
    ...(deferred && { deferred }),
    emitted: draft.emitted,
    timers: difference(before.timers, pending.timers),
    effects: difference(before.effects, pending.effects),
    ...(draft.expired.length > 0 && { expired: draft.expired }),
    state: draft.state,
    trace: context.trace,
  }
}

function difference<T extends { readonly key: string }>(before: readonly T[], after: readonly T[]) {
  return {
    started: after.filter((item) => !before.includes(item)),
    ended: before.filter((item) => !after.some((other) => other.key === item.key)).map((item) => item.key),
  }
}
