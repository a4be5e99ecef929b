import type { FieldSchema, FieldType, RecordSchema } from '#contracts'

/** An event that fits its schema, the same one each time: for whoever wants to see what it looks like. */
export function exampleOf(schema: RecordSchema): Readonly<Record<string, unknown>> {
  return record(schema, new Map())
}

type Known = Map<string, RecordSchema>

function record(schema: RecordSchema, known: Known): Readonly<Record<string, unknown>> {
  known.set(schema.name, schema)
  return Object.fromEntries(schema.fields.map((field) => [field.name, value(field.type, field, known)]))
}

function value(type: FieldType, field: FieldSchema, known: Known): unknown {
  if (typeof type === 'string')
    return known.has(type) ? record(known.get(type) as RecordSchema, known) : scalar(type, field)
  if (Array.isArray(type)) return value(type.find((branch) => branch !== 'null') ?? 'null', field, known)
  if (type.type === 'record') return record(type, known)
  if (type.type === 'array') return [value(type.items, field, known)]
  return { key: value(type.values, field, known) }
}

function scalar(type: string, { name }: FieldSchema): unknown {
  switch (type) {
    case 'string':
      return name.endsWith('Id') ? `${name.slice(0, -2)}-1` : `some ${words(name)}`
    case 'boolean':
      return true
    case 'null':
      return null
    case 'bytes':
      return ''
    default:
      return 1
  }
}

/** `trackingNumber` → `tracking number` */
function words(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}
