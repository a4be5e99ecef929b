import { randomUUID } from 'node:crypto'
import { contracts } from '#contracts'
import type { Codec } from '#messaging'
import { compileSchema } from '../messaging/avro-schema.ts'
import { amount, placeOrderCommand } from '../scripts/shop/example-order.ts'

/** A record that somebody sends and nobody can handle. What is not said is as in a good `OrderPlaced`. */
export type Poison = {
  readonly name: string
  /** The `dlt_code` of its letter; `null`: nobody listens to it. */
  readonly code: string | null
  readonly topic?: string
  readonly key?: string | Buffer | null
  readonly value?: Buffer | null
  /** `undefined` leaves a header out; a list repeats it. */
  readonly headers?: Readonly<Record<string, string | Buffer | string[] | undefined>>
  readonly compression?: 'gzip' | 'snappy'
}

/** Ids in the registry of schemas that are good Avro and meant badly; see `badlyMeant`. */
export type BadSchemas = Readonly<Record<keyof typeof badlyMeant, number>>

const { OrderPlaced } = contracts.events
if (!OrderPlaced) throw new Error('there is no contract for OrderPlaced')
const placed = OrderPlaced.schema as unknown as {
  namespace: string
  fields: { name: string; type: unknown }[]
}

/** `OrderPlaced` with a field more, so that our schema can read it. The field comes first. */
const withFirst = (type: unknown): object => ({
  type: 'record',
  name: 'OrderPlaced',
  namespace: placed.namespace,
  fields: [{ name: 'first', type }, ...placed.fields],
})

const node = {
  type: 'record',
  name: 'Node',
  fields: [{ name: 'next', type: ['null', 'Node'], default: null }],
}

export const badlyMeant = {
  nulls: withFirst({ type: 'array', items: 'null' }),
  emptyRecords: withFirst({ type: 'array', items: { type: 'record', name: 'Empty', fields: [] } }),
  map: withFirst({ type: 'map', values: 'int' }),
  nested: withFirst(node),
  list: { type: 'array', items: 'string' },
  otherShape: {
    type: 'record',
    name: 'Weather',
    namespace: 'somebody',
    fields: [{ name: 'rain', type: 'double' }],
  },
  sameNameOtherShape: {
    type: 'record',
    name: 'OrderPlaced',
    namespace: placed.namespace,
    fields: [{ name: 'orderId', type: 'int' }],
  },
} as const

/** An order as the order service places it. */
export function good(codec: Codec, orderId: string) {
  const envelope = { id: randomUUID(), type: 'OrderPlaced', source: 'order', sagaId: orderId }
  return codec.encode({ ...envelope, time: Date.now(), trace: {}, data: placeOrderCommand(orderId) })
}

/** Zigzag, as Avro writes numbers. */
function long(value: bigint): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  return Buffer.from([...bytes, Number(rest)])
}

const framed = (id: number, ...payload: readonly Buffer[]): Buffer => {
  const head = Buffer.alloc(5)
  head.writeInt32BE(id, 1)
  return Buffer.concat([head, ...payload])
}

/** The same bytes for the same seed. */
function noise(seed: number, length: number): Buffer {
  let state = seed
  return Buffer.from(
    Array.from({ length }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      return state >>> 24
    }),
  )
}

/** The whole corpus. `codec` encodes what is then broken. */
export function corpus(codec: Codec, ids: BadSchemas): readonly Poison[] {
  const model = good(codec, 'model')
  const value = model.value ?? Buffer.alloc(0)
  const id = value.readInt32BE(1)
  const text = (words: string) => Buffer.concat([long(BigInt(words.length)), Buffer.from(words)])
  const orderIdAnd = (...rest: readonly Buffer[]) => framed(id, text('o'), ...rest)
  const header = (name: string, code: string | null, headers: NonNullable<Poison['headers']>): Poison => ({
    name,
    code,
    headers,
  })
  const bytes = (name: string, code: string, broken: Buffer | null): Poison => ({ name, code, value: broken })

  return [
    ...cutWithinEachField(value, id),
    bytes('null value', 'CHORUS_TRUNCATED', null),
    bytes('empty value', 'CHORUS_TRUNCATED', Buffer.alloc(0)),
    bytes('half a frame', 'CHORUS_TRUNCATED', value.subarray(0, 3)),
    bytes('frame without payload', 'CHORUS_TRUNCATED', value.subarray(0, 5)),
    bytes('trailing byte', 'CHORUS_TRAILING_BYTES', Buffer.concat([value, Buffer.from([0])])),
    bytes('trailing copy of itself', 'CHORUS_TRAILING_BYTES', Buffer.concat([value, value])),
    bytes('wrong magic', 'CHORUS_WRONG_MAGIC', Buffer.concat([Buffer.from([1]), value.subarray(1)])),
    bytes('JSON', 'CHORUS_WRONG_MAGIC', Buffer.from(JSON.stringify(placeOrderCommand('json')))),
    bytes('noise', 'CHORUS_WRONG_MAGIC', noise(1, 64)),
    bytes('noise within a frame', 'CHORUS_BOUND_EXCEEDED', framed(id, noise(2, 300))),
    bytes('10 MB of noise', 'CHORUS_TOO_LARGE', Buffer.concat([value.subarray(0, 5), noise(3, 10_000_000)])),
    bytes('zeros', 'CHORUS_TRAILING_BYTES', framed(id, Buffer.alloc(500))),
    bytes('schema -1', 'CHORUS_UNKNOWN_SCHEMA', framed(-1, value.subarray(5))),
    bytes('schema 0', 'CHORUS_UNKNOWN_SCHEMA', framed(0, value.subarray(5))),
    bytes('schema 987654321', 'CHORUS_UNKNOWN_SCHEMA', framed(987_654_321, value.subarray(5))),
    bytes('largest schema id', 'CHORUS_UNKNOWN_SCHEMA', framed(2 ** 31 - 1, value.subarray(5))),
    bytes('schema of something else', 'CHORUS_SCHEMA_MISMATCH', framed(ids.otherShape, Buffer.alloc(8))),
    bytes('schema of a list', 'CHORUS_SCHEMA_MISMATCH', framed(ids.list, long(1n), text('x'), long(0n))),
    bytes('schema of the same name', 'CHORUS_SCHEMA_MISMATCH', framed(ids.sameNameOtherShape, long(7n))),
    bytes('200 million items', 'CHORUS_BOUND_EXCEEDED', orderIdAnd(text('c'), long(200_000_000n))),
    bytes(
      '200 million items in a sized block',
      'CHORUS_BOUND_EXCEEDED',
      orderIdAnd(text('c'), long(-200_000_000n), long(10n)),
    ),
    bytes('2^62 items', 'CHORUS_BOUND_EXCEEDED', orderIdAnd(text('c'), long(2n ** 62n))),
    bytes(
      '200 million nulls',
      'CHORUS_BOUND_EXCEEDED',
      framed(ids.nulls, long(200_000_000n), long(0n), value.subarray(5)),
    ),
    bytes(
      '200 million empty records',
      'CHORUS_BOUND_EXCEEDED',
      framed(ids.emptyRecords, long(200_000_000n), long(0n), value.subarray(5)),
    ),
    bytes(
      'many blocks of nulls',
      'CHORUS_BOUND_EXCEEDED',
      framed(ids.nulls, ...Array<Buffer>(100_000).fill(long(999n)), long(0n), value.subarray(5)),
    ),
    bytes(
      '200 million map entries',
      'CHORUS_BOUND_EXCEEDED',
      framed(ids.map, long(200_000_000n), text('k'), long(1n)),
    ),
    bytes(
      'a map with the key __proto__',
      'CHORUS_UNREADABLE',
      framed(ids.map, long(1n), text('__proto__'), long(1n), long(0n), value.subarray(5)),
    ),
    bytes(
      'nested 500,000 deep',
      'CHORUS_BOUND_EXCEEDED',
      framed(ids.nested, Buffer.alloc(500_000, 2), long(0n), value.subarray(5)),
    ),
    bytes('a text of 2 GB', 'CHORUS_BOUND_EXCEEDED', framed(id, long(2n ** 31n), Buffer.from('o'))),
    bytes('a text of 2^60 bytes', 'CHORUS_BOUND_EXCEEDED', framed(id, long(2n ** 60n))),
    bytes('a text of negative length', 'CHORUS_BOUND_EXCEEDED', framed(id, long(-5n), Buffer.from('o'))),
    bytes('a number that never ends', 'CHORUS_BOUND_EXCEEDED', framed(id, Buffer.alloc(50, 0xff))),
    bytes('an amount beyond what a number holds', 'CHORUS_UNREADABLE', withAmount(value, id, 2n ** 60n)),
    header(
      'no headers',
      'CHORUS_MISSING_HEADER',
      Object.fromEntries(Object.keys(model.headers).map((name) => [name, undefined])),
    ),
    header('no type', 'CHORUS_MISSING_HEADER', { ce_type: undefined }),
    header('no id', 'CHORUS_MISSING_HEADER', { ce_id: undefined }),
    header('empty id', 'CHORUS_MISSING_HEADER', { ce_id: '' }),
    header('no source', 'CHORUS_MISSING_HEADER', { ce_source: undefined }),
    header('wrong specversion', 'CHORUS_INVALID_HEADER', { ce_specversion: '0.3' }),
    header('repeated specversion', 'CHORUS_INVALID_HEADER', { ce_specversion: ['1.0', '2.0'] }),
    header('a time that is none', 'CHORUS_INVALID_HEADER', { ce_time: 'yesterday' }),
    header('a subject that is not the key', 'CHORUS_INVALID_HEADER', { ce_subject: 'somebody-else' }),
    header('a specversion that is no text', 'CHORUS_INVALID_HEADER', {
      ce_specversion: Buffer.from([0xff, 0xfe, 0x00]),
    }),
    header('headers with the names of ours', 'CHORUS_INVALID_HEADER', {
      ce_specversion: '9',
      dlt_code: 'NOTHING',
      dlt_topic: 'elsewhere',
      dlt_offset: '-1',
      dlt_id: 'mine',
      constructor: 'x',
      toString: 'y',
    }),
    header('a header of 500 KB', 'CHORUS_INVALID_HEADER', { ce_specversion: '9', long: 'x'.repeat(500_000) }),
    header('2,000 headers', 'CHORUS_INVALID_HEADER', {
      ce_specversion: '9',
      ...Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`h${i}`, `${i}`])),
    }),
    header('a trace that is none', 'CHORUS_INVALID_HEADER', {
      ce_specversion: '9',
      traceparent: '00-zz-zz-zz',
      tracestate: ',,,=',
    }),
    header('the type of another event', 'CHORUS_SCHEMA_MISMATCH', { ce_type: 'OrderCancelled' }),
    header('a type that nobody knows', null, { ce_type: 'OrderExploded' }),
    { name: 'no key', code: 'CHORUS_INVALID_HEADER', key: null },
    {
      name: 'neither key nor subject',
      code: 'CHORUS_MISSING_HEADER',
      key: null,
      headers: { ce_subject: undefined },
    },
    { name: 'empty key', code: 'CHORUS_INVALID_HEADER', key: '' },
    { name: 'a key that is no text', code: 'CHORUS_INVALID_HEADER', key: Buffer.from([0xff, 0xfe, 0xfd]) },
    { name: 'a key of 100 KB', code: 'CHORUS_INVALID_HEADER', key: 'k'.repeat(100_000) },
    {
      name: 'noise in a batch packed with gzip',
      code: 'CHORUS_WRONG_MAGIC',
      value: noise(4, 5_000),
      compression: 'gzip',
    },
    {
      name: 'noise in a batch packed with Snappy',
      code: 'CHORUS_WRONG_MAGIC',
      value: noise(5, 5_000),
      compression: 'snappy',
    },
    {
      name: 'a command that nobody knows',
      code: 'CHORUS_UNKNOWN_COMMAND',
      topic: 'payment.control',
      value: null,
      headers: { control_command: 'explode', control_id: 'x' },
    },
    {
      name: 'an event on the wrong topic, cut',
      code: 'CHORUS_BOUND_EXCEEDED',
      topic: 'payment.control',
      value: value.subarray(0, 20),
    },
  ]
}

/** One for each field, cut in its middle: the bytes end within texts, numbers, lists and records. */
function cutWithinEachField(value: Buffer, id: number): Poison[] {
  const model = placeOrderCommand('model') as Readonly<Record<string, unknown>>
  let position = 5
  return placed.fields.map(({ name, type }) => {
    const length = compileSchema(type as never).toBuffer(model[name]).length
    const cut = value.subarray(0, position + Math.floor(length / 2))
    position += length
    const code = type === 'long' ? 'CHORUS_TRUNCATED' : 'CHORUS_BOUND_EXCEEDED'
    return { name: `cut within ${name}`, code, value: framed(id, cut.subarray(5)) }
  })
}

function withAmount(value: Buffer, id: number, claimed: bigint): Buffer {
  const stated = long(BigInt(amount))
  const at = value.indexOf(Buffer.concat([stated, Buffer.from([6]), Buffer.from('EUR')]))
  return framed(id, value.subarray(5, at), long(claimed), value.subarray(at + stated.length))
}
