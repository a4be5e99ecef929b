import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import avsc from 'avsc'
import { contracts, type FieldSchema, type FieldType, topics } from '#contracts'

const events = Object.values(contracts.events)
const topicNames = topics.map(({ name }) => name)

function fieldsOf(type: FieldType): readonly FieldSchema[] {
  if (typeof type === 'string') return []
  if (Array.isArray(type)) return type.flatMap(fieldsOf)
  if (type.type === 'array') return fieldsOf(type.items)
  if (type.type === 'map') return fieldsOf(type.values)
  return type.fields.flatMap((field) => [field, ...fieldsOf(field.type)])
}

describe.each(events)('$type', ({ type, owner, topic, subject, schema }) => {
  test('stands under its topic and full name, on a topic of its owner that exists', () => {
    expect(subject).toBe(`${topic}-chorus.${owner}.${type}`)
    expect(topic.split('.')[0]).toBe(owner)
    expect(topicNames).toContain(topic)
  })

  test('is valid Avro', () => {
    expect(avsc.Type.forSchema(schema).name).toBe(`chorus.${owner}.${type}`)
  })

  test('is about one order, and no field hides the type that machines see', () => {
    const names = schema.fields.map(({ name }) => name)
    expect(names[0]).toBe('orderId')
    expect(names).not.toContain('type')
  })

  test('says what the record and each field mean', () => {
    expect(schema.doc).toMatch(/\.$/)
    for (const field of fieldsOf(schema)) expect(field).toMatchObject({ doc: expect.stringMatching(/\.$/) })
  })

  test('counts money in whole minor units and has no field that rounds', () => {
    for (const { name, type } of fieldsOf(schema)) {
      if (/amount|price/i.test(name)) expect(type).toBe('long')
      expect(['float', 'double']).not.toContain(type)
    }
  })

  test('marks who, where and with which means of payment as personal', () => {
    const personal = ['customerId', 'paymentToken', 'name', 'street', 'city', 'postcode', 'country']
    for (const { name, personal: marked } of fieldsOf(schema)) {
      expect({ name, marked: marked ?? false }).toEqual({ name, marked: personal.includes(name) })
    }
  })
})

test('no two events are called the same', () => {
  expect(new Set(events.map(({ type }) => type)).size).toBe(events.length)
  expect(Object.keys(contracts.events)).toEqual(events.map(({ type }) => type))
})

test('the table in the README lists exactly the events, with their owner and topic', () => {
  const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')
  const rows = [...readme.matchAll(/^\| \[`(\w+)`\]\((\w+)\/\w+\.avsc\) *\|[^|]*\| `([\w.]+)` *\|[^|]*\|$/gm)]
  expect(rows.map(([, type, owner, topic]) => ({ type, owner, topic })).sort(byType)).toEqual(
    events.map(({ type, owner, topic }) => ({ type, owner, topic })).sort(byType),
  )
})

const byType = (a: { type?: string | undefined }, b: { type?: string | undefined }) =>
  String(a.type).localeCompare(String(b.type))
