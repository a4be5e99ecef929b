import type { Type } from 'avsc'
import { checkFits, compileSchema } from './avro-schema.ts'
import type { BrokerRecord, OutgoingMessage } from './broker.ts'
import type { Contracts, Envelope } from './contracts.ts'
import { PoisonError } from './errors.ts'
import { type Attributes, toAttributes, toHeaders } from './headers.ts'
import type { SchemaRegistry } from './registry.ts'
import { frame, payloadOffset, schemaIdOf } from './wire-format.ts'
import { type Resolver, type WriterSchema, writerSchemas } from './writer-schemas.ts'

/**
 * Turns envelopes into messages and back: CloudEvents headers (binary mode), Confluent wire format, Avro.
 * Both are synchronous once the schema ids are known, so that they never reorder a lane.
 */
export type Codec = {
  /** Throws a `PoisonError` that names the field when `data` does not fit the schema or the value is too large. */
  encode(event: Envelope): OutgoingMessage
  /**
   * A promise only when the writer's schema is not cached yet. Rejects/throws a `PoisonError` for a record that no retry can
   * make readable (a header is missing, bad magic, unknown schema id, bounds exceeded, truncated, another shape); a
   * `RetryableError` when the registry cannot be asked.
   */
  decode(record: BrokerRecord): Envelope | Promise<Envelope>
}

export type CodecOptions = {
  readonly contracts: Contracts
  readonly registry: SchemaRegistry
  /** Largest value, in bytes, in both directions. Default 1 MiB. */
  readonly maxBytes?: number
}

type Entry = { readonly type: Type; readonly topic: string; readonly schemaId: number }

/**
 * Compiles every contract and looks up its schema id. Rejects with a `TerminalError` when a contract is not published, with
 * a `RetryableError` when the registry does not answer.
 */
export async function createCodec({
  contracts,
  registry,
  maxBytes = 1024 * 1024,
}: CodecOptions): Promise<Codec> {
  const entries = new Map(
    await Promise.all(
      Object.values(contracts.events).map(
        async ({ type, topic, subject, schema }): Promise<[string, Entry]> => [
          type,
          { type: compileSchema(schema), topic, schemaId: await registry.idOf(subject, schema) },
        ],
      ),
    ),
  )
  const writers = writerSchemas(registry)
  for (const { schemaId, type } of entries.values()) writers.put(schemaId, type)

  function entryOf(eventType: string): Entry {
    const entry = entries.get(eventType)
    if (entry) return entry
    throw new PoisonError(`No contract describes ${eventType}.`, { code: 'CHORUS_UNKNOWN_EVENT' })
  }

  function boundSize(value: Buffer, eventType: string): void {
    if (value.length <= maxBytes) return
    throw new PoisonError(`${eventType} has ${value.length} bytes; at most ${maxBytes} are allowed.`, {
      code: 'CHORUS_TOO_LARGE',
    })
  }

  return {
    encode(event) {
      const { type, topic, schemaId } = entryOf(event.type)
      checkFits(type, event.data)
      const value = frame(schemaId, type.toBuffer(event.data))
      boundSize(value, event.type)
      return { topic, key: event.sagaId, value, headers: toHeaders(event) }
    },
    decode(record) {
      const attributes = toAttributes(record)
      const reader = entryOf(attributes.type).type
      const { value } = record
      if (!value) throw new PoisonError(`${attributes.type} has no value.`, { code: 'CHORUS_TRUNCATED' })
      boundSize(value, attributes.type)
      const writer = writers.get(schemaIdOf(value))
      if (writer instanceof Promise) return writer.then((found) => read(attributes, value, found, reader))
      return read(attributes, value, writer, reader)
    },
  }
}

function read(attributes: Attributes, value: Buffer, writer: WriterSchema, reader: Type): Envelope {
  const resolver = resolverFor(writer, reader)
  writer.check(value)
  try {
    return { ...attributes, data: reader.decode(value, payloadOffset, resolver).value }
  } catch (cause) {
    throw new PoisonError(`${attributes.type} cannot be read: ${(cause as Error).message}.`, {
      cause,
      code: 'CHORUS_UNREADABLE',
    })
  }
}

/** Making a resolver compiles code, so it is made once per pair of schemas; so is the refusal when they do not fit. */
function resolverFor(writer: WriterSchema, reader: Type): Resolver | undefined {
  if (writer.type === reader) return undefined
  let resolver = writer.resolvers.get(reader)
  if (!resolver) {
    resolver = makeResolver(writer.type, reader)
    writer.resolvers.set(reader, resolver)
  }
  if (resolver instanceof PoisonError) throw resolver
  return resolver
}

function makeResolver(writer: Type, reader: Type): Resolver | PoisonError {
  try {
    return reader.createResolver(writer)
  } catch (cause) {
    return new PoisonError(
      `${writer.name} as written cannot be read as ${reader.name}: ${(cause as Error).message}.`,
      {
        cause,
        code: 'CHORUS_SCHEMA_MISMATCH',
      },
    )
  }
}
