import { expect, test } from '@jest/globals'
import { differences, fieldsOf } from './schema.ts'

const dish = { type: 'record', name: 'Dish', fields: [{ name: 'name', type: 'string', doc: 'What it is.' }] }
const first = {
  type: 'record',
  name: 'Ordered',
  fields: [
    { name: 'table', type: 'int' },
    { name: 'dishes', type: { type: 'array', items: dish } },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'note', type: ['null', 'string'], default: null },
  ],
}

test('fields are told with those inside them, in words', () => {
  expect(fieldsOf(JSON.stringify(first)).map(({ path, type }) => `${path}: ${type}`)).toEqual([
    'table: int',
    'dishes: list of Dish',
    'dishes[].name: string',
    'at: timestamp-millis',
    'note: null or string',
  ])
  expect(fieldsOf(first)[2]?.doc).toBe('What it is.')
})

test('what came, what went and what is another type is told', () => {
  const second = {
    ...first,
    fields: [
      { name: 'table', type: 'string' },
      { name: 'dishes', type: { type: 'array', items: dish } },
      { name: 'note', type: ['null', 'string'], default: null },
      { name: 'waiter', type: 'string', default: '' },
    ],
  }
  expect(differences(fieldsOf(first), fieldsOf(second))).toEqual([
    { kind: 'removed', path: 'at', text: 'timestamp-millis' },
    { kind: 'changed', path: 'table', text: 'int → string' },
    { kind: 'added', path: 'waiter', text: 'string, with a default' },
  ])
})
