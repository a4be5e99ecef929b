import {
  type BrokerRecord,
  type Codec,
  deadLetter,
  type Envelope,
  headersWithout,
  letterRecord,
  maxLetterBytes,
  PoisonError,
} from '#messaging'
import { type LogFields, type Logger, type Span, traceFields } from '#observability'
import type { Clock } from './clock.ts'
import { isControl, readControl } from './control.ts'
import type { Durability } from './durability.ts'
import type { Letter, StoredRecord } from './journal.ts'
import { type Saga, type Task, whenCovered } from './lanes.ts'
import type { Participant } from './participant.ts'
import type { Place } from './step/deferral.ts'
import type { Redriven } from './step/operate.ts'
import type { Incoming } from './step/step.ts'
import { recordMetrics } from './step-metrics.ts'
import { recordSpan } from './step-spans.ts'
import type { Stepper } from './stepper.ts'

/** Takes a record in; `refusal` says that it is poison before it is looked at. `done` is called once nothing of it can be lost. */
export type RecordTask = (record: BrokerRecord, done: () => void, refusal?: PoisonError) => Task

type Dependencies = {
  readonly part: Participant
  readonly codec: Codec
  readonly durability: Durability
  readonly stepper: Stepper
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Events, operators' commands, and what cannot be handled: that holds its saga with a row of its own, so that nothing overtakes it.
 * What names no saga, or cannot even be recorded, goes straight to the dead letters.
 */
export function recordTask({ part, codec, durability, stepper, clock, log }: Dependencies): RecordTask {
  const { load, step } = stepper
  const metrics = recordMetrics(part)

  async function takeEvent(saga: Saga, record: BrokerRecord): Promise<void> {
    const event = await decode(record)
    if (!part.listensTo.has(event.type)) return
    const incoming = { kind: 'event', event, at: placeOf(record) } as const
    await traced(record, event.id, async (span) => {
      // A new saga is inserted without reading; if it is not new after all, the insert says so.
      if (saga.head === undefined && !part.startedBy.has(event.type)) await load(saga)
      const take = () => step(saga, incoming, record.partition, span)
      await take().catch(async (error) => {
        if (saga.head !== undefined || !(error instanceof PoisonError)) throw error
        // Poison for a saga that is new, which was only assumed.
        await load(saga)
        await take()
      })
    })
  }

  async function takeCommand(saga: Saga, record: BrokerRecord): Promise<void> {
    const control = readControl(record)
    if (saga.head === undefined) await load(saga)
    if (saga.head === null && control.command !== 'redrive') {
      log.warn('a command for a saga that is not known here', { sagaId: saga.id, ...control })
      return
    }
    const redriven = control.command === 'redrive' ? await readAgain(record) : undefined
    const incoming: Incoming = { kind: 'command', control, ...(redriven && { redriven }) }
    await traced(record, control.id, (span) => step(saga, incoming, record.partition, span))
  }

  async function holdFor(saga: Saga, record: BrokerRecord, error: PoisonError): Promise<void> {
    if (saga.head === undefined) await load(saga)
    const letter = letterOf(record, error)
    tell(record, error)
    await traced(record, letter.id, async (span) => {
      span.fail(error)
      await step(saga, { kind: 'poison', letter }, record.partition, span)
    })
  }

  async function traced(
    record: BrokerRecord,
    id: string,
    work: (span: Span) => Promise<unknown>,
  ): Promise<void> {
    const { traceparent, tracestate } = record.headers
    const parent = { ...(traceparent && { traceparent }), ...(tracestate && { tracestate }) }
    const span = recordSpan(part, record, id, parent)
    const began = performance.now()
    try {
      await work(span)
      metrics.processed(record.topic, began)
    } catch (error) {
      span.fail(error)
      metrics.processed(record.topic, began, error)
      throw error
    } finally {
      span.end()
    }
  }

  async function decode(record: BrokerRecord): Promise<Envelope> {
    const event = await codec.decode(record)
    if (event.sagaId === record.key) return event
    throw new PoisonError(`the key "${record.key}" is not the subject "${event.sagaId}"`, {
      code: 'CHORUS_WRONG_KEY',
    })
  }

  async function readAgain(record: BrokerRecord): Promise<Redriven> {
    const letter = letterRecord({ ...record, headers: headersWithout('control_', record.headers) })
    try {
      return { event: await decode(letter), at: placeOf(letter) }
    } catch (error) {
      if (error instanceof PoisonError) return { error: error.message }
      throw error
    }
  }

  function tell(record: BrokerRecord, { code, message }: PoisonError): void {
    log.error('a record goes to the dead letters', {
      sagaId: record.key,
      code,
      error: message,
      ...about(record),
    })
  }

  return (record, done, refusal) => ({
    name: `${part.name} takes in a record`,
    about: () => about(record),
    async run(saga) {
      const isCommand = isControl(part.name, record)
      const take = isCommand ? takeCommand : takeEvent
      await (refusal ? Promise.reject(refusal) : take(saga, record)).catch(async (error) => {
        // A command that nobody understands holds nothing up.
        if (!(error instanceof PoisonError) || !record.key || isCommand) throw error
        await holdFor(saga, record, error)
      })
      whenCovered(saga, saga.head?.seq ?? 0, done)
    },
    poison(error) {
      tell(record, error)
      metrics.givenUp()
      const { code, message: reason } = error
      durability.publish([deadLetter(record, { group: part.name, code, reason, at: clock.now() })], done)
    },
  })
}

/** For the log: which event, where it lies, and in which trace. */
function about(record: BrokerRecord): LogFields {
  return { eventId: record.headers.ce_id, ...placeOf(record), ...traceFields(record.headers) }
}

function placeOf({ topic, partition, offset }: BrokerRecord): Place {
  return { topic, partition, offset: String(offset) }
}

function letterOf(record: BrokerRecord, { code, message }: PoisonError): Letter & { record: StoredRecord } {
  const { key, headers, value } = record
  const place = placeOf(record)
  const bytes = value?.length ?? 0
  const stored = value && bytes <= maxLetterBytes ? value.toString('base64') : null
  return {
    id: headers.ce_id ?? `${place.topic}/${place.partition}/${place.offset}`,
    code,
    reason: message,
    record: { ...place, key: key ?? '', headers, value: stored, bytes },
  }
}
