import { v5 as uuidv5 } from 'uuid'
import type { BrokerRecord, Headers, OutgoingMessage } from './broker.ts'

export type DeadLetterReason = {
  readonly group: string
  readonly code: string
  readonly reason: string
  readonly at: number
  /** The journal row that holds its saga until the letter is redriven or discarded. */
  readonly row?: string
  /** Of a value that was not kept: its size. */
  readonly bytes?: number
  /** `traceparent` of the step that failed: a redrive is linked with it. */
  readonly traceparent?: string | undefined
}

/** What became of a dead letter. */
export type Resolution = {
  readonly letter: string
  /** What `failureOf` says of the letter: one that fails again is open again. */
  readonly failure: string
  readonly became: 'redriven' | 'discarded'
  /** Who decided it, and why. */
  readonly by: string
  readonly reason: string
  readonly at: number
}

/** The topic of a consumer group's dead letters, and of what became of them. */
export function deadLetterTopic(group: string): string {
  return `${group}.dlt`
}

/** A letter must fit its topic together with its own headers. */
export const maxLetterBytes = 4 * 1024 * 1024

const letterIds = '0b0c2c5e-8f0c-5a5e-9d4e-6f1f8f3c7a42'

/** The same for the same record of a group, however often its letter is written. */
export function letterId(
  group: string,
  { topic, partition, offset }: Pick<BrokerRecord, 'topic' | 'partition' | 'offset'>,
): string {
  return uuidv5(`${group}/${topic}/${partition}/${offset}`, letterIds)
}

/**
 * A record that could not be handled, as it goes to `<group>.dlt`: original bytes, key and headers, and beside them why, where it
 * lay and when it was given up (`dlt_time`, ISO 8601). Of a value of more than 4 MiB only its size is told (`dlt_bytes`): it lies where the headers say.
 */
export function deadLetter(
  record: Omit<BrokerRecord, 'timestamp'>,
  { group, code, reason, at, row, bytes = record.value?.length ?? 0, traceparent }: DeadLetterReason,
): OutgoingMessage {
  return {
    topic: deadLetterTopic(group),
    key: record.key ?? '',
    value: bytes > maxLetterBytes ? null : record.value,
    headers: {
      ...record.headers,
      dlt_id: letterId(group, record),
      dlt_bytes: String(bytes),
      dlt_group: group,
      dlt_code: code,
      dlt_reason: reason,
      dlt_topic: record.topic,
      dlt_partition: String(record.partition),
      dlt_offset: String(record.offset),
      dlt_time: new Date(at).toISOString(),
      ...(row !== undefined && { dlt_row: row }),
      ...(traceparent !== undefined && { dlt_traceparent: traceparent }),
    },
  }
}

/** Which failure a letter tells of: the same however often it is written, another one when its record is redriven and fails again. */
export function failureOf({ dlt_row, dlt_time = '' }: Headers): string {
  return dlt_row ?? dlt_time
}

/** The record that a dead letter tells of. Of one whose value was too large, `value` is null. */
export function letterRecord({ key, value, headers, timestamp }: BrokerRecord): BrokerRecord {
  const { dlt_topic = '', dlt_partition = '0', dlt_offset = '0' } = headers
  return {
    topic: dlt_topic,
    partition: Number(dlt_partition),
    offset: BigInt(dlt_offset),
    key,
    value,
    headers: headersWithout('dlt_', headers),
    timestamp,
  }
}

/** Says in `<group>.dlt` what became of a letter: the audit record. A letter without one is open. */
export function resolution(
  group: string,
  key: string,
  { letter, failure, became, by, reason, at }: Resolution,
): OutgoingMessage {
  return {
    topic: deadLetterTopic(group),
    key,
    value: null,
    headers: {
      dlt_id: letter,
      dlt_resolution: became,
      dlt_failure: failure,
      dlt_by: by,
      dlt_reason: reason,
      dlt_time: new Date(at).toISOString(),
    },
  }
}

/** Headers without those of one prefix. */
export function headersWithout(prefix: string, headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(prefix)))
}
