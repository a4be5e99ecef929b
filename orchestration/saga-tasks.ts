import { type BrokerRecord, type Codec, deadLetter, PoisonError, RetryableError } from '#messaging'
import { type Logger, type Span, startSpan, type TraceContext, telemetryNames } from '#observability'
import type { Clock } from './clock.ts'
import type { Durability } from './durability.ts'
import type { EffectRunner, Result } from './effect-runner.ts'
import { fold } from './head.ts'
import type { Head, JournalRow } from './journal.ts'
import { cover, type Saga, type Task, whenCovered } from './lanes.ts'
import { messagesOf } from './messages.ts'
import type { Participant } from './participant.ts'
import { decide, type Incoming } from './step.ts'
import type { DueHead } from './store.ts'

const { attributes, spans } = telemetryNames

type Dependencies = {
  readonly part: Participant
  readonly codec: Codec
  readonly durability: Durability
  readonly effects: EffectRunner
  readonly clock: Clock
  readonly log: Logger
  /** A new id for each insert attempt. */
  readonly newAttempt: () => string
}

/** What can be done to a saga's part: take in a record, take in the result of an effect, do what is due. */
export type SagaTasks = {
  record(record: BrokerRecord, done: () => void): Task
  result(result: Result, trace: TraceContext): Task
  due(due: DueHead, done: () => void): Task
}

export function sagaTasks({
  part,
  codec,
  durability,
  effects,
  clock,
  log,
  newAttempt,
}: Dependencies): SagaTasks {
  async function load(saga: Saga): Promise<void> {
    const { head, covered } = await durability.load(saga.id)
    if (head?.state && head.version !== part.version) {
      throw new RetryableError(
        `saga ${saga.id} was started with version "${head.version}" of "${part.name}", this process has "${part.version}": it waits`,
        { code: 'CHORUS_UNKNOWN_VERSION' },
      )
    }
    saga.head = head
    cover(saga, covered)
  }

  /** Decides and inserts until the row is this process's own, or nothing is left to do. */
  async function step(
    saga: Saga,
    incoming: Incoming,
    partition: number,
    span: Span,
  ): Promise<JournalRow | undefined> {
    for (;;) {
      const head = saga.head ?? null
      const context = {
        sagaId: saga.id,
        partition,
        now: clock.now(),
        attempt: newAttempt(),
        trace: span.context,
      }
      const decision = decide(part, head, incoming, context)
      span.set({ [attributes.sagaOutcome]: typeof decision === 'string' ? decision : decision.outcome })
      if (typeof decision === 'string') return undefined
      const sending = sendSpans(part, decision, span)
      const row = sending.row
      const after = fold(head, row)
      const inserted = await durability.append(row, after, messagesOf(part, codec, row), sending.end)
      if (inserted === 'inserted') {
        saga.head = after
        followUp(saga, row, partition)
        return row
      }
      sending.end()
      await load(saga)
    }
  }

  function followUp(saga: Saga, row: JournalRow, partition: number): void {
    for (const key of row.effects.ended) effects.cancel(saga.id, key)
    for (const effect of row.effects.started) effects.start(saga.id, partition, effect)
  }

  async function takeRecord(saga: Saga, record: BrokerRecord, done: () => void): Promise<void> {
    const event = await codec.decode(record)
    if (event.sagaId !== record.key) {
      throw new PoisonError(`the key "${record.key}" is not the subject "${event.sagaId}"`, {
        code: 'CHORUS_WRONG_KEY',
      })
    }
    if (!part.listensTo.has(event.type)) return done()
    const span = recordSpan(part, record, event.id, event.trace)
    try {
      // A new saga is inserted without reading; if it is not new after all, the insert says so.
      if (saga.head === undefined && !part.startedBy.has(event.type)) await load(saga)
      const at = { topic: record.topic, partition: record.partition, offset: String(record.offset) }
      await step(saga, { kind: 'event', event, at }, record.partition, span)
      whenCovered(saga, saga.head?.seq ?? 0, done)
    } catch (error) {
      span.fail(error)
      throw error
    } finally {
      span.end()
    }
  }

  async function fireTimers(saga: Saga, head: Head): Promise<void> {
    const due = head.timers.filter((timer) => timer.dueAt <= clock.now()).sort((a, b) => a.dueAt - b.dueAt)
    for (const timer of due) {
      const span = startSpan({
        name: spans.timer(delayName(timer.id)),
        kind: 'internal',
        parent: timer.trace,
        attributes: {
          [attributes.sagaId]: saga.id,
          [attributes.timerId]: timer.id,
          [attributes.timerDueAt]: timer.dueAt,
        },
      })
      await step(saga, { kind: 'timer', key: timer.key }, head.partition, span).finally(() => span.end())
    }
  }

  return {
    record: (record, done) => ({
      name: `${part.name} takes in a record`,
      run: (saga) => takeRecord(saga, record, done),
      poison(error) {
        log.error('a record goes to the dead letters', {
          sagaId: record.key,
          topic: record.topic,
          code: error.code,
          error: error.message,
        })
        durability.publish(
          [
            deadLetter(record, {
              group: part.name,
              code: error.code,
              reason: error.message,
              at: clock.now(),
            }),
          ],
          done,
        )
      },
    }),
    result: (result, trace) => ({
      name: `${part.name} takes in the result of an effect`,
      async run(saga) {
        if (saga.head === undefined) await load(saga)
        const span = startSpan({
          name: spans.answer(part.name, result.key.slice(0, result.key.lastIndexOf('@'))),
          kind: 'internal',
          parent: trace,
        })
        await step(saga, result, saga.head?.partition ?? 0, span).finally(() => span.end())
      },
      poison: (error, saga) =>
        log.error('the machine refuses the answer of an effect', {
          sagaId: saga.id,
          key: result.key,
          error: error.message,
        }),
    }),
    due: (due, done) => ({
      name: `${part.name} does what is due`,
      async run(saga) {
        if (saga.head === undefined || (saga.head?.seq ?? 0) < due.seq) await load(saga)
        if (saga.head) await fireTimers(saga, saga.head)
        for (const effect of saga.head?.effects ?? []) effects.start(saga.id, due.partition, effect)
        done()
      },
      poison(error, saga) {
        log.error('the machine refuses a timer', { sagaId: saga.id, error: error.message })
        done()
      },
    }),
  }
}

function recordSpan(part: Participant, record: BrokerRecord, messageId: string, parent: TraceContext): Span {
  return startSpan({
    name: spans.process(record.topic),
    kind: 'consumer',
    parent,
    attributes: {
      [attributes.messagingSystem]: 'kafka',
      [attributes.operationType]: 'process',
      [attributes.operationName]: 'process',
      [attributes.destinationName]: record.topic,
      [attributes.destinationPartition]: String(record.partition),
      [attributes.kafkaOffset]: Number(record.offset),
      [attributes.consumerGroup]: part.name,
      [attributes.messageId]: messageId,
      [attributes.sagaId]: record.key ?? '',
      [attributes.sagaParticipant]: part.name,
    },
  })
}

/** One producer span per event, made before the insert so that the row keeps the context that the event carries. */
function sendSpans(part: Participant, row: JournalRow, parent: Span): { row: JournalRow; end: () => void } {
  const sending = row.emitted.map((event) => {
    const topic = part.contracts.events[event.type]?.topic ?? ''
    return startSpan({
      name: spans.send(topic),
      kind: 'producer',
      parent: parent.context,
      attributes: {
        [attributes.messagingSystem]: 'kafka',
        [attributes.operationType]: 'send',
        [attributes.operationName]: 'send',
        [attributes.destinationName]: topic,
        [attributes.messageId]: event.id,
        [attributes.eventType]: event.type,
        [attributes.sagaId]: row.sagaId,
      },
    })
  })
  const emitted = row.emitted.map((event, i) => ({ ...event, trace: sending[i]?.context ?? event.trace }))
  return { row: { ...row, emitted }, end: () => sending.forEach((span) => void span.end()) }
}

/** XState calls a delay `xstate.after.<name>.<state>`; people know it by its name. */
function delayName(timerId: string): string {
  return timerId.replace(/^xstate\.after\./, '').split('.', 1)[0] ?? timerId
}
