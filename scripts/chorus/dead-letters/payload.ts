import type { FieldType, RecordSchema } from '#contracts'
import { type BrokerRecord, PoisonError } from '#messaging'
import type { World } from '../surroundings.ts'

/** What a record says: its fields, or its first bytes and why no more can be read. */
export type Payload =
  | { readonly data: unknown }
  | { readonly why: string; readonly bytes: number; readonly head: string }

const headBytes = 64
const mask = '•••'

/** Fields that the contract marks as personal are masked unless `personal`. Rejects with a `RetryableError` when the registry cannot be asked. */
export async function payloadOf(
  { infrastructure: { codec }, contracts }: World,
  record: BrokerRecord,
  personal: boolean,
): Promise<Payload> {
  try {
    const { type, data } = await codec.decode(record)
    const schema = contracts.events[type]?.schema
    return { data: personal || !schema ? data : masked(schema, data) }
  } catch (error) {
    if (!(error instanceof PoisonError)) throw error
    const { value } = record
    return {
      why: error.message,
      bytes: value?.length ?? 0,
      head: value?.subarray(0, headBytes).toString('hex') ?? '',
    }
  }
}

/** The data without what its schema marks as personal. */
export function masked(
  schema: RecordSchema,
  data: unknown,
  known = new Map<string, RecordSchema>(),
): unknown {
  known.set(schema.name, schema)
  const fields = (data ?? {}) as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    schema.fields.map(({ name, type, personal }) => [
      name,
      personal ? mask : maskedValue(type, fields[name], known),
    ]),
  )
}

function maskedValue(type: FieldType, value: unknown, known: Map<string, RecordSchema>): unknown {
  if (value === null || value === undefined) return value
  if (typeof type === 'string') {
    const record = known.get(type)
    return record ? masked(record, value, known) : value
  }
  if (Array.isArray(type)) {
    const branch = type.find((one) => one !== 'null')
    return branch ? maskedValue(branch, value, known) : value
  }
  if (type.type === 'array') return (value as unknown[]).map((item) => maskedValue(type.items, item, known))
  if (type.type === 'record') return masked(type, value, known)
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, maskedValue(type.values, item, known)]),
  )
}
