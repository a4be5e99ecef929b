import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { FieldSchema } from '#contracts'
import { generate, readSchemaFiles, type SchemaFile } from './contracts-generate.ts'

const contracts = join(import.meta.dirname, '..', 'contracts')

test('the committed files are what the generator makes of the schema files (else: npm run contracts:generate)', () => {
  const committed = globSync('generated/*', { cwd: contracts }).sort()
  const made = generate(readSchemaFiles())
  expect([...made.keys()].sort()).toEqual(committed)
  for (const [path, text] of made) expect(readFileSync(join(contracts, path), 'utf8')).toBe(text)
})

const file = (change: Partial<SchemaFile['schema']> = {}, fields: FieldSchema[] = []): SchemaFile => ({
  owner: 'travel',
  name: 'Booked',
  schema: {
    type: 'record',
    name: 'Booked',
    namespace: 'chorus.travel',
    topic: 'travel.events',
    doc: 'Done.',
    fields,
    ...change,
  },
})
const moduleOf = (...files: SchemaFile[]) => generate(files).get('generated/travel.ts')

test('docs, optional fields, personal data, lists and nested records become TypeScript', () => {
  const place: FieldSchema = { name: 'town', type: 'string', doc: 'Its town.', personal: true }
  const text = moduleOf(
    file({}, [
      { name: 'note', type: ['null', 'string'], default: null, doc: 'A note.' },
      {
        name: 'to',
        type: { type: 'array', items: { type: 'record', name: 'Place', doc: 'A place.', fields: [place] } },
        doc: 'Where.',
      },
      { name: 'prices', type: { type: 'map', values: 'long' }, doc: 'Cents.' },
    ]),
  )
  expect(text).toContain(`/** A place. */
export type Place = {
  /** Its town. Personal data. */
  readonly town: string
}`)
  expect(text).toContain(`/** Done. */
export type Booked = {
  /** A note. */
  readonly note?: null | string
  /** Where. */
  readonly to: ReadonlyArray<Place>
  /** Cents. */
  readonly prices: Readonly<Record<string, number>>
}`)
  expect(text).toContain(`export type TravelEvent =\n  | ({ readonly type: 'Booked' } & Booked)\n`)
})

describe('a schema file in the wrong place is refused', () => {
  test.each([
    ['name', { name: 'Other' }],
    ['namespace', { namespace: 'chorus.other' }],
    ['topic', { topic: 'other.events' }],
  ])('%s', (word, change) => {
    expect(() => generate([file(change)])).toThrow(
      new RegExp(`contracts/travel/Booked.avsc: .*${word === 'name' ? 'called' : word}`),
    )
  })
})

test('two records of one name and different shape are refused', () => {
  const holding = (name: string, type: string): SchemaFile => ({
    ...file({ name }, [
      {
        name: 'at',
        doc: '.',
        type: { type: 'record', name: 'Place', doc: '.', fields: [{ name: 'x', type, doc: '.' }] },
      },
    ]),
    name,
  })
  expect(() => generate([holding('A', 'int'), holding('B', 'string')])).toThrow(
    'two different records are called Place',
  )
  expect(moduleOf(holding('A', 'int'), holding('B', 'int'))?.match(/export type Place/g)).toHaveLength(1)
})
