import type { SeenRequest } from './requests.ts'

/** Those of Kafka's API keys that the shop's clients use all the time. */
const kinds: Readonly<Record<number, string>> = {
  0: 'produce',
  1: 'fetch',
  2: 'list offsets',
  3: 'metadata',
  8: 'commit offsets',
  9: 'fetch offsets',
  12: 'heartbeat',
}

/** A request frame: its length, then its API key. */
export function kafkaRequest(frame: Buffer): SeenRequest {
  return { kind: kinds[frame.readInt16BE(4)] ?? 'other', bytes: frame.length, documents: 0 }
}
