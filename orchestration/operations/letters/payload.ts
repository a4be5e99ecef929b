import { type BrokerRecord, maskPersonal, PoisonError } from '#messaging'
import type { OperatorContext } from '../context.ts'

/** What a record says: its fields, or its first bytes in hex and why no more can be read. */
export type Payload =
  | { readonly data: unknown }
  | { readonly why: string; readonly bytes: number; readonly head: string }

const headBytes = 64

/** Fields that the contract marks as personal are masked unless `personal`. Rejects with a `RetryableError` when the registry cannot be asked. */
export async function payloadOf(
  { infrastructure: { codec }, contracts }: OperatorContext,
  record: BrokerRecord,
  { personal = false }: { readonly personal?: boolean } = {},
): Promise<Payload> {
  try {
    const { type, data } = await codec.decode(record)
    const schema = contracts.events[type]?.schema
    return { data: personal || !schema ? data : maskPersonal(schema, data) }
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
