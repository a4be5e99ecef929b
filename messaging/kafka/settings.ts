import { createLogger } from '#observability'
import type { KafkaConfig } from './config.ts'
import type { KafkaLog } from './log.ts'

/** How the adapter behaves, apart from where Kafka is. */
export type KafkaSettings = {
  /** Where kafkajs' warnings and errors go, without the noise of a start. Default: a logger named after the client id. */
  readonly log: KafkaLog
  /** An answer that takes longer is given up; the outcome is then unknown. Default 10,000. */
  readonly requestTimeoutMs: number
  /** A consumer that was handed nothing in two such intervals running, though records wait, is dead. Default 15,000. */
  readonly watchEveryMs: number
}

export function defaultSettings({ clientId }: KafkaConfig): KafkaSettings {
  return { log: createLogger({ service: clientId }), requestTimeoutMs: 10_000, watchEveryMs: 15_000 }
}
