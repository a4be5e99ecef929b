import type { BrokerRecord } from '#messaging'
import {
  type Attributes,
  isSameTrace,
  type Span,
  startSpan,
  type TraceContext,
  telemetryNames,
} from '#observability'
import type { Head, JournalRow, PendingTimer } from './journal.ts'
import type { Participant } from './participant.ts'

const { attributes, spans } = telemetryNames

/** What every span says of the saga that it belongs to. */
export function sagaAttributes({ name, businessKey }: Participant, sagaId: string): Attributes {
  const own = { [attributes.sagaId]: sagaId, [attributes.sagaParticipant]: name }
  return businessKey === undefined ? own : { ...own, [businessKey]: sagaId }
}

/** One record is taken in; the child of the context that came with it. A redriven one is linked with the step that failed. */
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
      ...sagaAttributes(part, record.key ?? ''),
    },
    ...(record.headers.dlt_traceparent && { links: [{ traceparent: record.headers.dlt_traceparent }] }),
  })
}

/** One producer span per event, made before the insert so that the row keeps the context that the event carries. */
export function sendSpans(
  part: Participant,
  row: JournalRow,
  parent: Span,
): { row: JournalRow; end: () => void } {
  const saga = row.emitted.length > 0 ? sagaAttributes(part, row.sagaId) : {}
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
        ...saga,
      },
    })
  })
  const emitted = row.emitted.map((event, i) => ({ ...event, trace: sending[i]?.context ?? event.trace }))
  return { row: { ...row, emitted }, end: () => sending.forEach((span) => void span.end()) }
}

/** A timer fires; the child of the step that set it. */
export function timerSpan(part: Participant, sagaId: string, timer: PendingTimer): Span {
  return startSpan({
    name: spans.timer(delayName(timer.id)),
    kind: 'internal',
    parent: timer.trace,
    attributes: {
      ...sagaAttributes(part, sagaId),
      [attributes.timerId]: timer.id,
      [attributes.timerDueAt]: timer.dueAt,
    },
  })
}

/** What came of an effect, or of one attempt, is taken in; the child of the attempt. */
export function answerSpan(part: Participant, sagaId: string, key: string, attempt: TraceContext): Span {
  const effectId = key.slice(0, key.lastIndexOf('@'))
  return startSpan({
    name: spans.answer(part.name, effectId),
    kind: 'internal',
    parent: attempt,
    attributes: { ...sagaAttributes(part, sagaId), [attributes.effectId]: effectId },
  })
}

/** What a person asks for comes in a trace of its own: it is linked with that in which the saga waits. */
export function linkWithWaiting(span: Span, head: Head | null): void {
  const asked = head?.effects[0]?.trace ?? head?.timers[0]?.trace
  if (asked && !isSameTrace(asked, span.context)) span.link(asked)
}

/** XState calls a delay `xstate.after.<name>.<state>`; people know it by its name. */
function delayName(timerId: string): string {
  return timerId.replace(/^xstate\.after\./, '').split('.', 1)[0] ?? timerId
}
