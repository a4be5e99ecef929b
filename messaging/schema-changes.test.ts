import { expect, test } from '@jest/globals'
import type { Schema } from 'avsc'
import { breakingChanges } from './schema-changes.ts'

type Fields = Array<{ name: string; type: Schema; default?: unknown }>
const thing = (fields: Fields, name = 'Thing'): Schema => ({ type: 'record', name, fields })
const inner = (fields: Fields): Schema => ({ type: 'record', name: 'Inner', fields })
const a: Fields[number] = { name: 'a', type: 'string' }
const optional: Fields[number] = { name: 'b', type: ['null', 'string'], default: null }

test.each<[string, Schema, Schema]>([
  ['nothing', thing([a]), thing([a])],
  ['a new field with a default', thing([a]), thing([a, optional])],
  ['a field with a default that goes', thing([a, optional]), thing([a])],
  ['another order of fields', thing([a, optional]), thing([optional, a])],
  [
    'a new default inside an array',
    thing([{ name: 'l', type: { type: 'array', items: inner([a]) } }]),
    thing([{ name: 'l', type: { type: 'array', items: inner([a, optional]) } }]),
  ],
])('%s breaks nothing', (_, before, after) => {
  expect(breakingChanges(before, after)).toEqual([])
})

test.each<[string, Schema, Schema, string, RegExp]>([
  [
    'a new field without a default',
    thing([a]),
    thing([a, { name: 'b', type: 'int' }]),
    'b',
    /new field needs a default/,
  ],
  ['a field that goes', thing([a, { name: 'b', type: 'int' }]), thing([a]), 'b', /must stay/],
  ['another type', thing([a]), thing([{ name: 'a', type: 'int' }]), 'a', /from "string" to "int"/],
  [
    'a wider type, which the old reader cannot read',
    thing([{ name: 'n', type: 'int' }]),
    thing([{ name: 'n', type: 'long' }]),
    'n',
    /from "int" to "long"/,
  ],
  [
    'a field that becomes optional',
    thing([a]),
    thing([{ name: 'a', type: ['null', 'string'], default: null }]),
    'a',
    /from "string" to \["null","string"\]/,
  ],
  [
    'a field inside a record',
    thing([{ name: 'i', type: inner([a]) }]),
    thing([{ name: 'i', type: inner([a, { name: 'x', type: 'int' }]) }]),
    'i.x',
    /new field/,
  ],
  [
    'a field inside an array of records',
    thing([{ name: 'l', type: { type: 'array', items: inner([a]) } }]),
    thing([{ name: 'l', type: { type: 'array', items: inner([]) } }]),
    'l.a',
    /must stay/,
  ],
  ['another name of the record', thing([a]), thing([a], 'Object'), '', /Thing is now called Object/],
])('%s is told with its field and rule', (_, before, after, field, rule) => {
  expect(breakingChanges(before, after)).toEqual([
    { field, rule: expect.stringMatching(rule), fix: expect.any(String) },
  ])
})

test('a schema that contains itself is compared once', () => {
  const list = (fields: Fields) => thing([{ name: 'next', type: ['null', 'Thing'] }, ...fields])
  expect(breakingChanges(list([a]), list([a]))).toEqual([])
  expect(breakingChanges(list([a]), list([a, { name: 'b', type: 'int' }]))).toContainEqual(
    expect.objectContaining({ field: 'b' }),
  )
})
