import { type BrokerRecord, type Codec, deadLetter, type OutgoingMessage, PoisonError } from '#messaging'
import type { DeferredEvent, JournalRow, Letter, StoredRecord } from './journal.ts'
import type { Participant } from './participant.ts'
import { stepMessage } from './saga-steps.ts'

/**
 * The messages that publish a row: its events in their order, its step record, and its dead letters. The same
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
  const letters = (row.letters ?? []).map((letter) => letterMessage(part, codec, row, letter))
  return [...events, bounded(stepMessage(part, row)), ...letters]
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

function letterMessage(part: Participant, codec: Codec, row: JournalRow, letter: Letter): OutgoingMessage {
  const { id, code, reason } = letter
  return deadLetter('record' in letter ? restored(letter.record) : encoded(codec, row, letter.event), {
    group: part.name,
    code,
    reason,
    at: row.at,
    traceparent: row.trace.traceparent,
    ...(row.held?.id === id && { row: row._id }),
    ...('record' in letter && { bytes: letter.record.bytes }),
  })
}

type Lying = Omit<BrokerRecord, 'timestamp'>

function restored({ offset, value, bytes: _, ...place }: StoredRecord): Lying {
  return {
    ...place,
    offset: BigInt(offset),
    value: value === null ? null : Buffer.from(value, 'base64'),
  }
}

function encoded(codec: Codec, { sagaId }: JournalRow, event: DeferredEvent): Lying {
  const { topic, partition, offset } = event
  return { ...codec.encode({ ...event, sagaId }), topic, partition, offset: BigInt(offset) }
}
