import { type Codec, deadLetter, type OutgoingMessage, PoisonError } from '#messaging'
import type { DeferredEvent, JournalRow } from './journal.ts'
import type { Participant } from './participant.ts'
import { stepMessage } from './saga-steps.ts'

/**
 * The messages that publish a row: its events in their order, its step record, and the dead letters of the events it gave up. The same
 * row makes the same messages, whoever publishes it. Throws a `PoisonError` for an event that its schema refuses and for a step that is too large.
 */
export function messagesOf(part: Participant, codec: Codec, row: JournalRow): OutgoingMessage[] {
  const events = row.emitted.map((event) =>
    codec.encode({
      id: event.id,
      type: event.type,
      source: part.name,
      sagaId: row.sagaId,
      time: row.at,
      causationId: row.cause.id,
      trace: event.trace,
      data: event.data,
    }),
  )
  const given = (row.expired ?? []).map((event) => expiredLetter(part, codec, row, event))
  return [...events, bounded(stepMessage(part, row)), ...given]
}

/** A step's record holds a whole state; one that no topic takes would hold up everything behind it for ever. */
const maxStepBytes = 4 * 1024 * 1024

function bounded(step: OutgoingMessage): OutgoingMessage {
  const bytes = step.value?.length ?? 0
  if (bytes <= maxStepBytes) return step
  throw new PoisonError(
    `the step of saga ${step.key} has ${bytes} bytes; at most ${maxStepBytes} are allowed`,
    {
      code: 'CHORUS_TOO_LARGE',
    },
  )
}

function expiredLetter(
  part: Participant,
  codec: Codec,
  row: JournalRow,
  event: DeferredEvent,
): OutgoingMessage {
  const { topic, partition } = event
  const unstarted = row.state === null
  const message = codec.encode({ ...event, sagaId: row.sagaId })
  return deadLetter(
    { ...message, topic, partition, offset: BigInt(event.offset) },
    {
      group: part.name,
      code: unstarted ? 'CHORUS_NEVER_STARTED' : 'CHORUS_MACHINE_THREW',
      reason: unstarted
        ? `"${event.type}" waited for a saga that was never started`
        : `the machine could not take in the deferred "${event.type}"`,
      at: row.at,
    },
  )
}
