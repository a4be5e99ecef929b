import type { BrokerRecord, OutgoingMessage } from './broker.ts'

export type DeadLetterReason = {
  readonly group: string
  readonly code: string
  readonly reason: string
  readonly at: number
}

/** The topic of a consumer group's dead letters. */
export function deadLetterTopic(group: string): string {
  return `${group}.dlt`
}

/** A letter must fit its topic together with its own headers. */
const maxLetterBytes = 4 * 1024 * 1024

/**
 * A record that could not be handled, as it goes to `<group>.dlt`: original bytes, key and headers, and beside them why, where it
 * lay and when it was given up (`dlt_time`, ISO 8601). Of a value of more than 4 MiB only its size is told (`dlt_bytes`): it lies where the headers say.
 */
export function deadLetter(
  record: Omit<BrokerRecord, 'timestamp'>,
  { group, code, reason, at }: DeadLetterReason,
): OutgoingMessage {
  const bytes = record.value?.length ?? 0
  return {
    topic: deadLetterTopic(group),
    key: record.key ?? '',
    value: bytes > maxLetterBytes ? null : record.value,
    headers: {
      ...record.headers,
      dlt_bytes: String(bytes),
      dlt_group: group,
      dlt_code: code,
      dlt_reason: reason,
      dlt_topic: record.topic,
      dlt_partition: String(record.partition),
      dlt_offset: String(record.offset),
      dlt_time: new Date(at).toISOString(),
    },
  }
}
