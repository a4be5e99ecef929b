import { contracts } from '#contracts'
import type { BrokerRecord, Codec } from '#messaging'
import { participants } from '../../services/cast.ts'
import type { SeenRecord } from './evidence.ts'

/** What the invariants read of a record; the rest of it may be forgotten. */
export async function seenRecord(record: BrokerRecord, codec: Codec): Promise<SeenRecord> {
  const { topic, partition, offset, key, headers } = record
  const { ce_id: id = '', ce_type: type = '', ce_source: source = '', traceparent } = headers
  const marks = marksOf(headers)
  return {
    topic,
    partition,
    offset: Number(offset),
    key,
    id,
    type,
    source,
    timestamp: record.timestamp,
    ...(traceparent !== undefined && { traceparent }),
    ...(marks && { marks }),
    ...(isSpoken(topic, type) && !marks && (await read(record, codec))),
  }
}

/** The contract places this type here, or whoever said it told no type. */
function isSpoken(topic: string, type: string): boolean {
  if (type !== '') return contracts.events[type as keyof typeof contracts.events]?.topic === topic
  return Object.values(contracts.events).some((event) => event.topic === topic)
}

async function read(record: BrokerRecord, codec: Codec): Promise<Pick<SeenRecord, 'data' | 'unreadable'>> {
  try {
    const { data, source } = await codec.decode(record)
    return source in participants ? {} : { data }
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) }
  }
}

function marksOf(headers: BrokerRecord['headers']): Record<string, string> | undefined {
  const marks = Object.entries(headers).filter(([name]) => /^(dlt|control)_/.test(name))
  return marks.length > 0 ? Object.fromEntries(marks) : undefined
}
