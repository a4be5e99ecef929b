import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { arbitraryOf } from './avro-arbitrary.ts'
import { compileSchema } from './avro-schema.ts'
import { booking, bookingMade, contractsOf, envelope, stored, travel } from './codec.fixtures.ts'
import { createCodec } from './codec.ts'
import type { Envelope } from './contracts.ts'
import { PoisonError, RetryableError } from './errors.ts'
import { memoryRegistry } from './memory-registry.ts'
import type { SchemaRegistry } from './registry.ts'

const codec = await createCodec({ contracts: travel, registry: memoryRegistry(travel) })
const record = stored(codec.encode(envelope()))
const refusal = (code: string, words: RegExp | string = /./) =>
  expect.objectContaining({ constructor: PoisonError, code, message: expect.stringMatching(words) })

/** The error that `act` throws or rejects with. */
async function errorOf(act: () => unknown): Promise<unknown> {
  try {
    await act()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

test('what is encoded is decoded again, whatever the data', () => {
  const data = arbitraryOf(compileSchema(bookingMade)) as fc.Arbitrary<typeof booking>
  fc.assert(
    fc.property(data, (data) => {
      const event = envelope(data)
      expect(codec.decode(stored(codec.encode(event)))).toStrictEqual(event)
    }),
    { numRuns: 500 },
  )
})

test('a message carries its attributes as CloudEvents headers, its saga id as key and a framed value', () => {
  const { topic, key, value, headers } = codec.encode(envelope())
  expect({ topic, key }).toEqual({ topic: 'travel.events', key: 'b-1' })
  expect(value?.subarray(0, 5)).toEqual(Buffer.from([0, 0, 0, 0, 1]))
  expect(headers).toEqual({
    'content-type': 'application/vnd.confluent.avro',
    ce_specversion: '1.0',
    ce_id: '6f3c',
    ce_type: 'BookingMade',
    ce_source: 'travel',
    ce_subject: 'b-1',
    ce_time: '2026-11-01T12:00:00.000Z',
    ce_causationid: '5e2b',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    tracestate: 'chorus=1',
  })
})

test('what a person says carries who it was and why, in words of any language', () => {
  const said = { ...envelope(), by: 'Zoë', reason: 'déjà remboursé' }
  const message = codec.encode(said)
  expect(message.headers).toMatchObject({ ce_by: 'Zoë', ce_reason: 'déjà remboursé' })
  expect(codec.decode(stored(message))).toStrictEqual(said)
})

test('decoded data are plain objects all the way down', () => {
  const { data } = codec.decode(record) as Envelope<typeof booking>
  expect(structuredClone(data)).toStrictEqual(data)
  expect(Object.getPrototypeOf(data)).toBe(Object.prototype)
  expect(Object.getPrototypeOf(data.legs[0])).toBe(Object.prototype)
})

describe('what does not fit the contract is refused before it is sent', () => {
  test.each([
    ['an undeclared field', { ...booking, extra: 1 }, 'no field extra'],
    [
      'an undeclared field inside',
      { ...booking, legs: [{ from: 'x', stops: [], to: 'y' }] },
      'no field legs.0.to',
    ],
    ['a missing field', { ...booking, seats: undefined }, 'seats must be int, got undefined'],
    ['a date', { ...booking, price: new Date(0) }, 'price must be long .*, got a Date'],
    ['a bigint', { ...booking, price: 5n }, 'price must be long .*, got a bigint'],
    ['a long beyond 2^53', { ...booking, price: 2 ** 53 }, 'price must be long .*, got 9007199254740992'],
    ['a fraction of a cent', { ...booking, price: 0.5 }, 'price must be long .*, got 0.5'],
    [
      'another type inside',
      { ...booking, legs: [{ from: 'x', stops: ['1'] }] },
      'legs.0.stops.0 must be int',
    ],
    ['no branch of a union', { ...booking, note: 7 }, 'note must be null or string, got 7'],
  ])('%s', (_, data, words) => {
    expect(() => codec.encode(envelope(data))).toThrow(refusal('CHORUS_SCHEMA_MISMATCH', words))
  })

  test('the refusal does not repeat text, which may be personal data', async () => {
    const error = await errorOf(() => codec.encode(envelope({ ...booking, seats: 'Erika Muster' })))
    expect((error as Error).message).toContain('seats must be int, got a text of 12 characters')
  })

  test('an event without a contract', () => {
    expect(() => codec.encode({ ...envelope(), type: 'BookingLost' })).toThrow(
      refusal('CHORUS_UNKNOWN_EVENT'),
    )
  })

  test('a value that is too large, in both directions', async () => {
    const small = await createCodec({ contracts: travel, registry: memoryRegistry(travel), maxBytes: 20 })
    expect(() => small.encode(envelope())).toThrow(refusal('CHORUS_TOO_LARGE', 'at most 20'))
    expect(() => small.decode(record)).toThrow(refusal('CHORUS_TOO_LARGE', 'at most 20'))
  })
})

describe('a record that cannot be read is poison', () => {
  const { ce_id: _, ...withoutId } = record.headers
  const value = record.value ?? Buffer.alloc(0)
  test.each([
    ['a missing header', { headers: withoutId }, 'CHORUS_MISSING_HEADER', 'ce_id'],
    [
      'another version of CloudEvents',
      { headers: { ...record.headers, ce_specversion: '2.0' } },
      'CHORUS_INVALID_HEADER',
      'ce_specversion',
    ],
    [
      'a time that is none',
      { headers: { ...record.headers, ce_time: 'noon' } },
      'CHORUS_INVALID_HEADER',
      'ce_time',
    ],
    ['a subject that is not the key', { key: 'b-2' }, 'CHORUS_INVALID_HEADER', 'ce_subject'],
    [
      'an event without a contract',
      { headers: { ...record.headers, ce_type: 'X' } },
      'CHORUS_UNKNOWN_EVENT',
      'X',
    ],
    ['a tombstone', { value: null }, 'CHORUS_TRUNCATED', 'no value'],
    ['a value without a frame', { value: Buffer.from('{"a":1}') }, 'CHORUS_WRONG_MAGIC', 'byte 123'],
    ['four bytes', { value: value.subarray(0, 4) }, 'CHORUS_TRUNCATED', '4 bytes'],
    ['half a payload', { value: value.subarray(0, -1) }, 'CHORUS_TRUNCATED', 'labels'],
    [
      'a byte too many',
      { value: Buffer.concat([value, Buffer.alloc(1)]) },
      'CHORUS_TRAILING_BYTES',
      '1 bytes',
    ],
    ['a negative schema id', { value: Buffer.from([0, 255, 0, 0, 0]) }, 'CHORUS_UNKNOWN_SCHEMA', 'negative'],
  ])('%s', (_, change, code, words) => {
    expect(() => codec.decode({ ...record, ...change })).toThrow(refusal(code, words))
  })

  test('whatever is changed in its bytes, it is read or poison, and quickly', () => {
    const change = fc.record({ at: fc.nat(value.length - 1), to: fc.integer({ min: 0, max: 255 }) })
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 6 }),
        fc.nat(value.length),
        (changes, length) => {
          const bytes = Buffer.from(value)
          for (const { at, to } of changes) bytes[at] = to
          bytes.writeInt32BE(1, 1)
          try {
            codec.decode({ ...record, value: bytes.subarray(0, length) })
          } catch (error) {
            expect(error).toBeInstanceOf(PoisonError)
          }
        },
      ),
      { numRuns: 5_000 },
    )
  })
})

test('optional attributes may be absent: the key is the saga id, the broker tells the time', () => {
  const { ce_subject, ce_time, ce_causationid, traceparent, tracestate, ...headers } = record.headers
  const { causationId, ...event } = envelope()
  expect(codec.decode({ ...record, headers, timestamp: 7 })).toStrictEqual({ ...event, time: 7, trace: {} })
})

describe('schemas of other writers', () => {
  const older = { ...bookingMade, fields: bookingMade.fields.filter(({ name }) => name !== 'note') }
  const { note, ...olderBooking } = booking

  /** A registry that knows this contract as id 1 and `schemas` by id; it counts what it is asked. */
  function registryWith(schemas: Readonly<Record<number, SchemaRegistry['schemaOf']>>) {
    const asked: number[] = []
    const registry: SchemaRegistry = {
      idOf: async () => 1,
      async schemaOf(id) {
        asked.push(id)
        const schema = schemas[id]
        if (!schema) throw new PoisonError(`no schema ${id}`, { code: 'CHORUS_UNKNOWN_SCHEMA' })
        return schema(id)
      },
    }
    return { registry, asked }
  }

  function from(id: number, payload: Buffer) {
    const head = Buffer.alloc(5)
    head.writeInt32BE(id, 1)
    return { ...record, value: Buffer.concat([head, payload]) }
  }

  test('an older version is read with the default, asks the registry once, and is synchronous from then on', async () => {
    const { registry, asked } = registryWith({ 5: async () => older })
    const reader = await createCodec({ contracts: travel, registry })
    const old = from(5, compileSchema(older).toBuffer(olderBooking))
    const [first, second] = await Promise.all([reader.decode(old), reader.decode(old)])
    expect(first).toStrictEqual(envelope())
    expect(second).toStrictEqual(envelope())
    expect(reader.decode(old)).toStrictEqual(envelope())
    expect(asked).toEqual([5])
  })

  test('an unknown id is poison, and the registry is asked once', async () => {
    const { registry, asked } = registryWith({})
    const reader = await createCodec({ contracts: travel, registry })
    const unknown = from(9, Buffer.alloc(3))
    const errors = await Promise.all([1, 2, 3].map(() => errorOf(() => reader.decode(unknown))))
    errors.push(await errorOf(() => reader.decode(unknown)))
    expect(errors).toEqual(Array(4).fill(refusal('CHORUS_UNKNOWN_SCHEMA')))
    expect(asked).toEqual([9])
  })

  test('invented ids push each other out of the memory, not the own schemas for good', async () => {
    const { registry, asked } = registryWith({ 1: async () => bookingMade })
    const reader = await createCodec({ contracts: travel, registry })
    for (let id = 2; id < 1_500; id++) await errorOf(() => reader.decode(from(id, Buffer.alloc(3))))
    await errorOf(() => reader.decode(from(2, Buffer.alloc(3))))
    expect(asked.filter((id) => id === 2)).toHaveLength(2)
    expect(await reader.decode(record)).toStrictEqual(envelope())
  })

  test('a registry that does not answer is no verdict: the next decode asks again', async () => {
    let up = false
    const { registry } = registryWith({
      5: async () => {
        if (!up) throw new RetryableError('down')
        return older
      },
    })
    const reader = await createCodec({ contracts: travel, registry })
    const old = from(5, compileSchema(older).toBuffer(olderBooking))
    expect(await errorOf(() => reader.decode(old))).toBeInstanceOf(RetryableError)
    up = true
    expect(await reader.decode(old)).toStrictEqual(envelope())
  })

  test('a schema of another record, or none at all, is poison', async () => {
    const { registry } = registryWith({
      5: async () => ({ ...bookingMade, name: 'BookingLost' }),
      6: async () => ({ type: 'nonsense' }) as never,
    })
    const reader = await createCodec({ contracts: travel, registry })
    const lost = from(5, compileSchema(bookingMade).toBuffer(booking))
    expect(await errorOf(() => reader.decode(lost))).toEqual(refusal('CHORUS_SCHEMA_MISMATCH', 'BookingLost'))
    expect(await errorOf(() => reader.decode(lost))).toEqual(refusal('CHORUS_SCHEMA_MISMATCH', 'BookingLost'))
    expect(await errorOf(() => reader.decode(from(6, Buffer.alloc(3))))).toEqual(
      refusal('CHORUS_UNKNOWN_SCHEMA'),
    )
  })
})

test('a contract that is not published stops the codec from being made', async () => {
  const other = contractsOf('BookingMade', bookingMade, 'other.events')
  await expect(createCodec({ contracts: travel, registry: memoryRegistry(other) })).rejects.toMatchObject({
    code: 'CHORUS_UNPUBLISHED_SCHEMA',
  })
})
