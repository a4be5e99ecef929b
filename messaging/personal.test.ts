import { expect, test } from '@jest/globals'
import type { Schema } from 'avsc'
import { maskPersonal, personalFields } from './personal.ts'

const person = {
  type: 'record',
  name: 'Person',
  fields: [
    { name: 'name', type: 'string', personal: true },
    { name: 'floor', type: 'int' },
    { name: 'friend', type: ['null', 'Person'] },
  ],
}

const schema = {
  type: 'record',
  name: 'Booked',
  fields: [
    { name: 'room', type: 'string' },
    { name: 'host', type: ['null', person] },
    { name: 'guests', type: { type: 'array', items: 'Person' } },
    { name: 'notes', type: { type: 'map', values: { type: 'string' } }, personal: true },
    { name: 'keys', type: { type: 'map', values: 'Person' } },
  ],
} as unknown as Schema

const ada = { name: 'Ada', floor: 1, friend: { name: 'Grace', floor: 2, friend: null } }
const masked = { name: '•••', floor: 1, friend: { name: '•••', floor: 2, friend: null } }

test('personal fields are masked wherever they are, also in records that a schema only names', () => {
  const data = { room: '12', host: null, guests: [ada], notes: { diet: 'none' }, keys: { spare: ada } }
  const shown = { room: '12', host: null, guests: [masked], notes: '•••', keys: { spare: masked } }
  expect(maskPersonal(schema, data)).toEqual(shown)
})

test('a field that the schema does not know is not shown at all', () => {
  expect(maskPersonal(schema, { room: '12', secret: 'x' })).not.toHaveProperty('secret')
})

test('the personal fields of a schema are told by their paths, each record once', () => {
  expect(personalFields(schema)).toEqual(['host.name', 'guests.name', 'notes', 'keys.name'])
})
