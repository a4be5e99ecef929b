import { schemasWithoutId } from '@asyncapi/specs'
import { expect, test } from '@jest/globals'
import { Ajv, type AnySchemaObject } from 'ajv'
import addFormats from 'ajv-formats'
import avsc, { type Schema } from 'avsc'
import { contracts, topics } from '#contracts'
import { asyncApiOf } from './asyncapi.ts'
import { exampleOf } from './example.ts'

const events = Object.values(contracts.events)
const rolesOf = () => ({ producers: ['order'], consumers: ['payment', 'shipping'] })

/** The official JSON schema of AsyncAPI 3, in its own dialect. */
function faultsOf(document: object): unknown {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true })
  addFormats.default(ajv)
  const { $schema: _, ...schema } = schemasWithoutId['3.0.0'] as AnySchemaObject
  const fits = ajv.compile(schema)
  fits(document)
  return fits.errors ?? []
}

test('the document is an AsyncAPI 3 document', () => {
  expect(faultsOf(asyncApiOf({ events, topics, rolesOf }))).toEqual([])
  expect(
    faultsOf({ ...asyncApiOf({ events, topics, rolesOf }), channels: { x: { address: 1 } } }),
  ).not.toEqual([])
})

test('every reference in it leads to something', () => {
  const document = asyncApiOf({ events, topics, rolesOf })
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
    ([, path = '']) => path,
  )
  expect(references.length).toBeGreaterThan(events.length)
  const lost = references.filter(
    (path) =>
      path.split('/').reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], document) ===
      undefined,
  )
  expect(lost).toEqual([])
})

test('the example of every event can be written in its schema, and is the same each time', () => {
  for (const { schema } of events) {
    const type = avsc.Type.forSchema(schema as Schema)
    expect(type.isValid(exampleOf(schema), { noUndeclaredFields: true })).toBe(true)
    expect(exampleOf(schema)).toEqual(exampleOf(schema))
  }
})
