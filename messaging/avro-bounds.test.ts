import { describe, expect, test } from '@jest/globals'
import type { Schema } from 'avsc'
import fc from 'fast-check'
import { arbitraryOf } from './avro-arbitrary.ts'
import { boundsCheck } from './avro-bounds.ts'
import { compileSchema } from './avro-schema.ts'
import { bookingMade } from './codec.fixtures.ts'
import { PoisonError } from './errors.ts'

const framed = (payload: Buffer) => Buffer.concat([Buffer.alloc(5), payload])
const long = (value: number) => compileSchema('long').toBuffer(value)
const check = (schema: Schema, ...payload: Buffer[]) =>
  boundsCheck(compileSchema(schema))(framed(Buffer.concat(payload)))
const refusal = (code: string, words: string) =>
  expect.objectContaining({ constructor: PoisonError, code, message: expect.stringContaining(words) })
const holding = (name: string, type: Schema): Schema => ({
  type: 'record',
  name: 'Box',
  fields: [{ name, type }],
})

test('every honest payload passes, and none of its beginnings does', () => {
  const type = compileSchema(bookingMade)
  const checkBooking = boundsCheck(type)
  fc.assert(
    fc.property(
      arbitraryOf(type),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (data, share) => {
        const payload = type.toBuffer(data)
        checkBooking(framed(payload))
        const beginning = payload.subarray(0, Math.floor(payload.length * share))
        expect(() => checkBooking(framed(beginning))).toThrow(PoisonError)
      },
    ),
    { numRuns: 500 },
  )
})

describe('a few bytes that announce a flood are refused at the field', () => {
  const nothing = { type: 'record', name: 'Nothing', fields: [] } satisfies Schema
  test.each<[string, Schema, Buffer[], string]>([
    [
      '200 million empty records',
      holding('many', { type: 'array', items: nothing }),
      [long(2e8), long(0)],
      'Box.many',
    ],
    [
      '200 million nulls',
      holding('many', { type: 'array', items: 'null' }),
      [long(2e8), long(0)],
      'Box.many',
    ],
    [
      '200 million nulls in small blocks',
      holding('many', { type: 'array', items: 'null' }),
      Array(900).fill(long(63)),
      'Box.many',
    ],
    [
      '200 million numbers',
      holding('many', { type: 'array', items: 'int' }),
      [long(2e8), long(0)],
      'Box.many',
    ],
    [
      '200 million entries of a map',
      holding('many', { type: 'map', values: 'null' }),
      [long(2e8), long(0)],
      'Box.many',
    ],
    [
      '2^62 numbers',
      holding('many', { type: 'array', items: 'int' }),
      [Buffer.from('feffffffffffffffff01', 'hex')],
      'Box.many',
    ],
    ['a text of two gigabytes', holding('text', 'string'), [long(2 ** 31)], 'Box.text'],
    ['bytes of a negative length', holding('bytes', 'bytes'), [long(-1)], 'Box.bytes'],
    ['a branch that the union does not have', holding('maybe', ['null', 'int']), [long(2)], 'Box.maybe'],
    [
      'a symbol that the enum does not have',
      holding('e', { type: 'enum', name: 'E', symbols: ['A'] }),
      [long(1)],
      'Box.e',
    ],
    ['an int that is a long', holding('n', 'int'), [long(2 ** 31)], 'Box.n'],
    ['a number without end', holding('n', 'long'), [Buffer.alloc(11, 0xff)], 'Box.n'],
  ])('%s', (_, schema, payload, field) => {
    expect(() => check(schema, ...payload)).toThrow(refusal('CHORUS_BOUND_EXCEEDED', field))
  })

  test('a value nested without end', () => {
    const list: Schema = { type: 'record', name: 'List', fields: [{ name: 'next', type: ['null', 'List'] }] }
    expect(() => check(list, Buffer.alloc(100_000, 2), long(0))).toThrow(
      refusal('CHORUS_BOUND_EXCEEDED', 'deeper'),
    )
    check(list, Buffer.alloc(60, 2), long(0))
  })

  test('a block that lies about its size, since readers may skip by it', () => {
    const numbers = holding('many', { type: 'array', items: 'int' })
    check(numbers, long(-2), long(2), long(1), long(1), long(0))
    expect(() => check(numbers, long(-2), long(1), long(1), long(1), long(0))).toThrow(
      refusal('CHORUS_BOUND_EXCEEDED', 'a block of 1 bytes has 2'),
    )
  })
})

test('a map cannot bring its own prototype', () => {
  const map = compileSchema({ type: 'map', values: 'int' })
  const payload = map.toBuffer(JSON.parse('{ "__proto__": 1 }'))
  expect(() => boundsCheck(map)(framed(payload))).toThrow(refusal('CHORUS_UNREADABLE', '__proto__'))
})

test('every Avro type is walked', () => {
  const types: Schema[] = [
    'null',
    'boolean',
    'int',
    'long',
    'float',
    'double',
    'bytes',
    'string',
    { type: 'fixed', name: 'F', size: 3 },
    { type: 'enum', name: 'E', symbols: ['A', 'B'] },
    { type: 'array', items: 'float' },
    { type: 'map', values: 'boolean' },
    ['null', 'string'],
    { type: 'long', logicalType: 'timestamp-millis' } as Schema,
  ]
  for (const schema of types) {
    const type = compileSchema(schema)
    for (let run = 0; run < 20; run++) boundsCheck(type)(framed(type.toBuffer(type.random())))
  }
})
