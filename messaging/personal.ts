import type { Schema } from 'avsc'

/** The part of Avro's JSON that can hold a personal field. */
type Shape = string | readonly Shape[] | { readonly type: Shape } | RecordShape | ArrayShape | MapShape
type RecordShape = { readonly type: 'record'; readonly name: string; readonly fields: readonly FieldShape[] }
type ArrayShape = { readonly type: 'array'; readonly items: Shape }
type MapShape = { readonly type: 'map'; readonly values: Shape }
type FieldShape = { readonly name: string; readonly type: Shape; readonly personal?: boolean }
/** A schema may name a record that it has declared elsewhere. */
type Known = ReadonlyMap<string, RecordShape>

const mask = '•••'

/** The data of an event without what its schema marks with `"personal": true`, which becomes `•••`. */
export function maskPersonal(schema: Schema, data: unknown): unknown {
  return masked(schema as Shape, data, recordsIn(schema as Shape))
}

/** The paths of the fields that the schema marks with `"personal": true`, e.g. `shipTo.name`. */
export function personalFields(schema: Schema): readonly string[] {
  const known = recordsIn(schema as Shape)
  function within(shape: Shape, path: readonly string[], above: readonly RecordShape[]): string[] {
    return innerRecords(shape, known).flatMap((record) =>
      above.includes(record) ? [] : fieldsOf(record, path, [...above, record]),
    )
  }
  function fieldsOf(
    { fields }: RecordShape,
    path: readonly string[],
    above: readonly RecordShape[],
  ): string[] {
    return fields.flatMap(({ name, type, personal }) =>
      personal ? [[...path, name].join('.')] : within(type, [...path, name], above),
    )
  }
  return within(schema as Shape, [], [])
}

function recordsIn(shape: Shape, found = new Map<string, RecordShape>()): Known {
  for (const record of innerRecords(shape, found)) {
    if (found.has(record.name)) continue
    found.set(record.name, record)
    for (const { type } of record.fields) recordsIn(type, found)
  }
  return found
}

/** The outermost records within a shape: behind a name, an optional value, a list or a map. */
function innerRecords(shape: Shape, known: Known): readonly RecordShape[] {
  if (typeof shape === 'string') return [known.get(shape) ?? []].flat()
  if (isUnion(shape)) return shape.flatMap((branch) => innerRecords(branch, known))
  if (isRecord(shape)) return [shape]
  if (isArray(shape)) return innerRecords(shape.items, known)
  if (isMap(shape)) return innerRecords(shape.values, known)
  return innerRecords(shape.type, known)
}

function masked(shape: Shape, value: unknown, known: Known): unknown {
  if (value === null || value === undefined) return value
  if (typeof shape === 'string') {
    const record = known.get(shape)
    return record ? masked(record, value, known) : value
  }
  if (isUnion(shape)) {
    const branch = shape.find((one) => one !== 'null')
    return branch === undefined ? value : masked(branch, value, known)
  }
  if (isRecord(shape)) {
    const fields = value as Readonly<Record<string, unknown>>
    return Object.fromEntries(
      shape.fields.map(({ name, type, personal }) => [
        name,
        personal ? mask : masked(type, fields[name], known),
      ]),
    )
  }
  if (isArray(shape)) return (value as readonly unknown[]).map((item) => masked(shape.items, item, known))
  if (isMap(shape))
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, masked(shape.values, item, known)]),
    )
  return masked(shape.type, value, known)
}

const isUnion = (shape: Shape): shape is readonly Shape[] => Array.isArray(shape)
const isRecord = (shape: Shape): shape is RecordShape => typeof shape === 'object' && 'fields' in shape
const isArray = (shape: Shape): shape is ArrayShape => typeof shape === 'object' && 'items' in shape
const isMap = (shape: Shape): shape is MapShape => typeof shape === 'object' && 'values' in shape
