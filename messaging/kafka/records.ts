import { isUtf8 } from 'node:buffer'
import type { IHeaders, KafkaMessage } from 'kafkajs'
import type { BrokerRecord, Headers } from '../broker.ts'

/** One of kafkajs' messages as the port's record. */
export function brokerRecord(topic: string, partition: number, message: KafkaMessage): BrokerRecord {
  return {
    topic,
    partition,
    offset: BigInt(message.offset),
    key: message.key === null ? null : text(message.key),
    value: message.value,
    headers: textHeaders(message.headers),
    timestamp: Number(message.timestamp),
  }
}

function textHeaders(headers: IHeaders | undefined): Headers {
  const texts: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers ?? {})) {
    const last = Array.isArray(value) ? value.at(-1) : value
    texts[name] = text(last ?? '')
  }
  return texts
}

function text(bytes: Buffer | string): string {
  if (typeof bytes === 'string') return bytes
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1')
}
