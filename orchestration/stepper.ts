import type { Codec } from '#messaging'
import { type Attributes, type Span, telemetryNames } from '#observability'
import type { Clock } from './clock.ts'
import type { Durability } from './durability.ts'
import type { EffectRunner } from './effects/effect-runner.ts'
import type { EmittedEvent, Head, JournalRow } from './journal.ts'
import { cover, type Saga } from './lanes.ts'
import { topLevelStates } from './machine/state-value.ts'
import { messagesOf } from './messages.ts'
import type { Participant } from './participant.ts'
import { fold, refuseOversized } from './step/head.ts'
import { decide, type Incoming } from './step/step.ts'
import { adopted } from './step/versions.ts'
import { stepMetrics } from './step-metrics.ts'
import { linkWithWaiting, sendSpans } from './step-spans.ts'

const { attributes } = telemetryNames

export type StepperOptions = {
  readonly part: Participant
  readonly codec: Codec
  readonly durability: Durability
  readonly effects: EffectRunner
  /** A copy came of what the saga has taken in. */
  readonly onCopy: (head: Head) => Promise<void>
  readonly clock: Clock
  /** A new id for each insert attempt. */
  readonly newAttempt: () => string
}

/** Takes a saga's part from one row to the next: decide, insert, follow up. One call per saga at a time. */
export type Stepper = {
  /** Brings what is known of the saga up to the store. Rejects while its version is not known here. */
  load(saga: Saga): Promise<void>
  /** Resolves with the row once it is stored, or with nothing when the cause needs none. Rejects with a `PoisonError` when the machine, or a schema, refuses it. */
  step(saga: Saga, incoming: Incoming, partition: number, span: Span): Promise<JournalRow | undefined>
}

export function stepper({
  part,
  codec,
  durability,
  effects,
  onCopy,
  clock,
  newAttempt,
}: StepperOptions): Stepper {
  const metrics = stepMetrics(part)

  async function load(saga: Saga): Promise<void> {
    const { head, covered } = await durability.load(saga.id)
    saga.head = head && adopted(part, head)
    cover(saga, covered)
  }

  function encode(sagaId: string, { id, type, trace, data }: EmittedEvent): void {
    codec.encode({ id, type, source: part.name, sagaId, time: clock.now(), trace, data })
  }

  /** Decides and inserts until the row is this process's own, or nothing is left to do. */
  async function step(
    saga: Saga,
    incoming: Incoming,
    partition: number,
    span: Span,
  ): Promise<JournalRow | undefined> {
    const began = performance.now()
    for (;;) {
      const head = saga.head ?? null
      const context = {
        sagaId: saga.id,
        partition,
        now: clock.now(),
        attempt: newAttempt(),
        trace: span.context,
        check: (event: EmittedEvent) => encode(saga.id, event),
      }
      const decision = decide(part, head, incoming, context)
      if (typeof decision === 'string') {
        span.set({ [attributes.sagaOutcome]: decision })
        if (decision === 'duplicate' && head) await onCopy(head)
        metrics.taken(incoming.kind, decision, began)
        return undefined
      }
      span.set(resultOf(decision))
      linkWithWaiting(span, head)
      const { row, end } = sendSpans(part, decision, span)
      const after = fold(head, row)
      if (await append(row, after, end)) {
        saga.head = after
        metrics.taken(incoming.kind, row.outcome, began)
        metrics.stored(row, head)
        followUp(saga, row, partition)
        return row
      }
      await load(saga)
    }
  }

  /** False when another owner was faster. Either way, and when a message cannot be encoded, `end` is called in the end. */
  async function append(row: JournalRow, after: Head, end: () => void): Promise<boolean> {
    let inserted = false
    try {
      refuseOversized(after)
      inserted = (await durability.append(row, after, messagesOf(part, codec, row), end)) === 'inserted'
    } finally {
      if (!inserted) end()
    }
    return inserted
  }

  function followUp(saga: Saga, row: JournalRow, partition: number): void {
    for (const key of row.effects.ended) effects.cancel(saga.id, key)
    for (const effect of row.effects.started) effects.start(saga.id, partition, effect)
  }

  return { load, step }
}

function resultOf({ outcome, seq, state }: JournalRow): Attributes {
  return {
    [attributes.sagaOutcome]: outcome,
    [attributes.sagaSeq]: seq,
    [attributes.sagaState]: state ? topLevelStates(state.value).join(', ') : undefined,
  }
}
