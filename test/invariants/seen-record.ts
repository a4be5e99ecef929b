import { contracts } from '#contracts'
import type { BrokerRecord, Codec } from '#messaging'
import { type SagaStep, stepsTopic } from '#orchestration'
import { participants } from '../../services/cast.ts'
import type { SeenRecord } from './evidence.ts'

/** What the invariants read of a record; the rest of it may be forgotten. */
export async function seenRecord(record: BrokerRecord, codec: Codec): Promise<SeenRecord> {
  const { topic, partition, offset, key, headers } = record
  const { id, type, source } = attributesOf(record)
  const { traceparent } = headers
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

/** A step's record says all of it in its value. */
function attributesOf({ topic, headers, value }: BrokerRecord): Pick<SeenRecord, 'id' | 'type' | 'source'> {
  if (topic !== stepsTopic) {
    const { ce_id: id = '', ce_type: type = '', ce_source: source = '' } = headers
    return { id, type, source }
  }
  const { participant, _id } = JSON.parse(String(value)) as SagaStep
  return { id: `${participant}/${_id}`, type: 'SagaStep', source: participant }
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
