import type { BrokerRecord } from '#messaging'
import { type Span, startSpan, type TraceContext, telemetryNames } from '#observability'
import type { JournalRow, PendingTimer } from './journal.ts'
import type { Participant } from './participant.ts'

const { attributes, spans } = telemetryNames

/** One record is taken in; the child of the context that came with it. */
export function recordSpan(
  part: Participant,
  record: BrokerRecord,
  messageId: string,
  parent: TraceContext,
): Span {
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
export function sendSpans(
  part: Participant,
  row: JournalRow,
  parent: Span,
): { row: JournalRow; end: () => void } {
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

/** A timer fires; the child of the step that set it. */
export function timerSpan(sagaId: string, timer: PendingTimer): Span {
  return startSpan({
    name: spans.timer(delayName(timer.id)),
    kind: 'internal',
    parent: timer.trace,
    attributes: {
      [attributes.sagaId]: sagaId,
      [attributes.timerId]: timer.id,
      [attributes.timerDueAt]: timer.dueAt,
    },
  })
}

/** XState calls a delay `xstate.after.<name>.<state>`; people know it by its name. */
function delayName(timerId: string): string {
  return timerId.replace(/^xstate\.after\./, '').split('.', 1)[0] ?? timerId
}
