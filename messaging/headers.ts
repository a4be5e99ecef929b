import { askerOf } from './asker.ts'
import type { BrokerRecord, Headers } from './broker.ts'
import type { Envelope } from './contracts.ts'
import { PoisonError } from './errors.ts'

/** An envelope's attributes: all of it but the data. */
export type Attributes = Omit<Envelope, 'data'>

const specVersion = '1.0'
const contentType = 'application/vnd.confluent.avro'

/** CloudEvents attributes as Kafka headers (binary mode), with the W3C trace context beside them. */
export function toHeaders(event: Attributes): Headers {
  const headers: Record<string, string> = {
    'content-type': contentType,
    ce_specversion: specVersion,
    ce_id: event.id,
    ce_type: event.type,
    ce_source: event.source,
    ce_subject: event.sagaId,
    ce_time: new Date(event.time).toISOString(),
  }
  if (event.causationId !== undefined) headers.ce_causationid = event.causationId
  if (event.by !== undefined) headers.ce_by = event.by
  if (event.reason !== undefined) headers.ce_reason = event.reason
  if (event.trace.traceparent !== undefined) headers.traceparent = event.trace.traceparent
  if (event.trace.tracestate !== undefined) headers.tracestate = event.trace.tracestate
  return headers
}

/**
 * Reads the attributes back. What CloudEvents requires must be there, else a `PoisonError` that names the header; a missing
 * subject is the message key, a missing time the broker's.
 */
export function toAttributes(record: BrokerRecord): Attributes {
  const { headers } = record
  const version = required(headers, 'ce_specversion')
  if (version !== specVersion) throw invalid('ce_specversion', `${specVersion}`, version)
  const { traceparent, tracestate, ce_causationid, ce_by, ce_reason } = headers
  return {
    id: required(headers, 'ce_id'),
    type: required(headers, 'ce_type'),
    source: required(headers, 'ce_source'),
    sagaId: sagaIdOf(record),
    time: timeOf(record),
    ...(ce_causationid !== undefined && { causationId: ce_causationid }),
    ...askerOf({ by: ce_by, reason: ce_reason }),
    trace: {
      ...(traceparent !== undefined && { traceparent }),
      ...(tracestate !== undefined && { tracestate }),
    },
  }
}

function required(headers: Headers, name: string): string {
  const value = headers[name]
  if (value) return value
  throw new PoisonError(`The header ${name} is missing.`, { code: 'CHORUS_MISSING_HEADER' })
}

/** The key chose the partition and with it the saga's owner, so a subject that says otherwise is a contradiction. */
function sagaIdOf({ headers, key }: BrokerRecord): string {
  const subject = headers.ce_subject ?? key
  if (!subject)
    throw new PoisonError('Neither ce_subject nor a key is there.', { code: 'CHORUS_MISSING_HEADER' })
  if (subject !== key) throw invalid('ce_subject', 'the message key', subject)
  return subject
}

function timeOf({ headers, timestamp }: BrokerRecord): number {
  const text = headers.ce_time
  if (text === undefined) return timestamp
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw invalid('ce_time', 'an ISO 8601 time', text)
  return time
}

const invalid = (name: string, expected: string, got: string) =>
  new PoisonError(`The header ${name} must be ${expected}; it is ${JSON.stringify(got.slice(0, 100))}.`, {
    code: 'CHORUS_INVALID_HEADER',
  })
