export { type Asker, askerOf } from './asker.ts'
export type * from './broker.ts'
export { cachedRegistry, type SchemaCache } from './cached-registry.ts'
export { type Codec, type CodecOptions, createCodec } from './codec.ts'
export type { Contracts, Envelope, EventContract } from './contracts.ts'
export {
  type DeadLetterReason,
  deadLetter,
  deadLetterTopic,
  failureOf,
  headersWithout,
  letterId,
  letterRecord,
  maxLetterBytes,
  type Resolution,
  resolution,
} from './dead-letters.ts'
export { PoisonError, RetryableError, TerminalError } from './errors.ts'
export { kafkaBroker } from './kafka/broker.ts'
export { type KafkaConfig, kafkaConfigFromEnvironment } from './kafka/config.ts'
export type { KafkaLog } from './kafka/log.ts'
export type { KafkaSettings } from './kafka/settings.ts'
export { type MemoryBrokerOptions, memoryBroker } from './memory/broker.ts'
export { memoryRegistry } from './memory-registry.ts'
export { partitionOf } from './partitioner.ts'
export { maskPersonal, personalFields } from './personal.ts'
export {
  explainIncompatibility,
  findIncompatibilities,
  type Incompatibility,
  type PublishedSubject,
  publishContracts,
} from './publish-contracts.ts'
export type { SchemaRegistry } from './registry.ts'
export { type RegistryAdmin, restRegistryAdmin } from './registry-admin.ts'
export { type RegistryConfig, registryConfigFromEnvironment } from './registry-client.ts'
export { restRegistry } from './rest-registry.ts'
export { type Sender, sender } from './sender.ts'
export { together } from './together.ts'
