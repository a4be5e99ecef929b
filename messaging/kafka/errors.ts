import { isNativeError } from 'node:util/types'
import { RetryableError, TerminalError } from '../errors.ts'

/** Kafka's answers that stay the same however often one asks. */
const REFUSALS: Readonly<Record<string, string>> = {
  MESSAGE_TOO_LARGE: 'CHORUS_MESSAGE_TOO_LARGE',
  RECORD_LIST_TOO_LARGE: 'CHORUS_MESSAGE_TOO_LARGE',
  INVALID_RECORD: 'CHORUS_KAFKA_REFUSED',
  INVALID_TOPIC_EXCEPTION: 'CHORUS_KAFKA_REFUSED',
  INVALID_PARTITIONS: 'CHORUS_KAFKA_REFUSED',
  INVALID_REPLICATION_FACTOR: 'CHORUS_KAFKA_REFUSED',
  INVALID_CONFIG: 'CHORUS_KAFKA_REFUSED',
  POLICY_VIOLATION: 'CHORUS_KAFKA_REFUSED',
  INCONSISTENT_GROUP_PROTOCOL: 'CHORUS_KAFKA_REFUSED',
  TOPIC_AUTHORIZATION_FAILED: 'CHORUS_KAFKA_FORBIDDEN',
  GROUP_AUTHORIZATION_FAILED: 'CHORUS_KAFKA_FORBIDDEN',
  CLUSTER_AUTHORIZATION_FAILED: 'CHORUS_KAFKA_FORBIDDEN',
}

/** Kafka's answers to a member whose partitions are, or are about to be, somebody else's. */
const OWNERSHIP_LOST = new Set(['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID'])

type KafkaJsError = Error & { readonly type?: string; readonly code?: string; readonly cause?: unknown }

/** The error of the port for one of kafkajs: `TerminalError` for a refusal, `RetryableError` for everything else. */
export function portError(doing: string, error: unknown): RetryableError | TerminalError {
  if (error instanceof RetryableError || error instanceof TerminalError) return error
  const chain = causes(error)
  const message = `${doing}: ${chain[0]?.message ?? error}`
  if (chain.some(({ name }) => name === 'KafkaJSSASLAuthenticationError')) {
    return new TerminalError(`${message}. Check the KAFKA_SASL_* settings.`, {
      cause: error,
      code: 'CHORUS_KAFKA_FORBIDDEN',
    })
  }
  const code = chain.map(({ type }) => type && REFUSALS[type]).find(Boolean)
  if (code) return new TerminalError(message, { cause: error, code })
  const missing = chain.some(({ type }) => type === 'UNKNOWN_TOPIC_OR_PARTITION')
  return new RetryableError(message, {
    cause: error,
    code: missing ? 'CHORUS_TOPIC_MISSING' : 'CHORUS_KAFKA_UNAVAILABLE',
  })
}

/** Whether a commit was refused because the group has moved on: its records come again, to whoever owns them now. */
export function isOwnershipLost(error: unknown): boolean {
  return causes(error).some(({ type }) => type !== undefined && OWNERSHIP_LOST.has(type))
}

/** Whether kafkajs gives a consumer up although only the brokers are away: it takes an unanswered question for a coordinator for final. */
export function isOutage(error: unknown): boolean {
  return causes(error).some(({ name }) => name === 'KafkaJSGroupCoordinatorNotFound')
}

/** Why a batch could not be unpacked: it is packed with what we cannot read, is damaged, or would burst the memory. */
export function unpackingFault(error: unknown): string | undefined {
  return causes(error).find(
    ({ name, code = '' }) =>
      name === 'KafkaJSNotImplemented' || /^(ERR_BUFFER_TOO_LARGE|Z_|ZSTD_)/.test(code),
  )?.message
}

function causes(error: unknown): readonly KafkaJsError[] {
  const chain: KafkaJsError[] = []
  for (let at = error; isNativeError(at) && !chain.includes(at); at = at.cause) chain.push(at)
  return chain
}
