import { PoisonError } from './errors.ts'

/** Confluent wire format: a zero byte, the schema id as four bytes big-endian, then the Avro payload. */
const magic = 0
export const payloadOffset = 5

/** Puts the frame around a payload. */
export function frame(schemaId: number, payload: Buffer): Buffer {
  const value = Buffer.allocUnsafe(payloadOffset + payload.length)
  value[0] = magic
  value.writeInt32BE(schemaId, 1)
  payload.copy(value, payloadOffset)
  return value
}

/** The id of the writer's schema; a `PoisonError` when the value is not framed. */
export function schemaIdOf(value: Buffer): number {
  if (value.length < payloadOffset) {
    throw new PoisonError(
      `The value has ${value.length} bytes; the wire format needs at least ${payloadOffset}.`,
      {
        code: 'CHORUS_TRUNCATED',
      },
    )
  }
  if (value[0] !== magic) {
    throw new PoisonError(
      `The value starts with byte ${value[0]}, not with ${magic}: it is not in the wire format.`,
      {
        code: 'CHORUS_WRONG_MAGIC',
      },
    )
  }
  const id = value.readInt32BE(1)
  if (id >= 0) return id
  throw new PoisonError(`The value names the schema ${id}; no id is negative.`, {
    code: 'CHORUS_UNKNOWN_SCHEMA',
  })
}
