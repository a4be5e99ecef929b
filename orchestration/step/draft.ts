import type { TraceContext } from '#observability'
import type {
  Cause,
  DeferredEvent,
  EmittedEvent,
  Head,
  Hold,
  JournalRow,
  Letter,
  MachineState,
} from '../journal.ts'
import type { Program } from '../machine/program.ts'
import type { Participant } from '../participant.ts'
import { type Pending, pendingOf } from './pending.ts'
import { programOf } from './versions.ts'

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

/** A row in the making: what a step has done so far, over its cause and the deferred events that it could take in. */
export type Draft = {
  readonly part: Participant
  readonly version: string
  readonly program: Program
  readonly head: Head | null
  readonly context: StepContext
  readonly seq: number
  state: MachineState | null
  pending: Pending
  /** Events that wait for a later state, in the order of their arrival. */
  waiting: readonly DeferredEvent[]
  /** Holds that are on the saga, those of this row too. */
  held: readonly Hold[]
  readonly emitted: EmittedEvent[]
  readonly consumed: string[]
  readonly letters: Letter[]
  readonly dropped: string[]
}

export function open(part: Participant, head: Head | null, context: StepContext): Draft {
  const seq = (head?.seq ?? 0) + 1
  const version = head?.state ? head.version : part.version
  return {
    part,
    version,
    program: programOf(part, version),
    head,
    context,
    seq,
    state: head?.state ?? null,
    pending: pendingOf(head),
    waiting: head?.deferred ?? [],
    held: head?.held ?? [],
    emitted: [],
    consumed: [],
    letters: [],
    dropped: [],
  }
}

/** The hold that this draft's row may put on its saga. */
export function holdOf({ context, seq }: Draft, why: Pick<Hold, 'id' | 'code' | 'reason'>): Hold {
  return { row: `${context.sagaId}:${seq}`, seq, ...why, at: context.now }
}

/** The finished row: the draft against the head that it started from. */
export function close(draft: Draft, cause: Cause, outcome: JournalRow['outcome']): JournalRow {
  const { head, context, seq, pending, letters, dropped } = draft
  const before = pendingOf(head)
  const deferred = draft.waiting.find((event) => !head?.deferred.includes(event))
  const held = draft.held.find((hold) => !head?.held?.includes(hold))
  const released = (head?.held ?? []).filter((hold) => !draft.held.includes(hold)).map(({ row }) => row)
  return {
    _id: `${context.sagaId}:${seq}`,
    sagaId: context.sagaId,
    seq,
    attempt: context.attempt,
    version: draft.version,
    partition: context.partition,
    at: context.now,
    cause,
    outcome,
    consumed: draft.consumed,
    ...(deferred && { deferred }),
    emitted: draft.emitted,
    timers: difference(before.timers, pending.timers),
    effects: difference(before.effects, pending.effects),
    ...(letters.length > 0 && { letters }),
    ...(dropped.length > 0 && { dropped }),
    ...(held && { held }),
    ...(released.length > 0 && { released }),
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
