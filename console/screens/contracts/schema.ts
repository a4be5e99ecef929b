/** A field of an Avro record, with those inside it after it: `shipTo.city`. */
export type Field = {
  readonly path: string
  readonly type: string
  readonly doc: string | null
  readonly hasDefault: boolean
}

type Avro =
  | string
  | readonly Avro[]
  | {
      readonly type: Avro
      readonly name?: string
      readonly fields?: readonly AvroField[]
      readonly items?: Avro
      readonly values?: Avro
      readonly symbols?: readonly string[]
      readonly logicalType?: string
    }

type AvroField = {
  readonly name: string
  readonly type: Avro
  readonly doc?: string
  readonly default?: unknown
}

/** All fields of a record's schema, as the registry has it: as JSON, or as the text of it. */
export function fieldsOf(schema: unknown): Field[] {
  const avro = (typeof schema === 'string' ? JSON.parse(schema) : schema) as Avro
  return inside(avro, '')
}

export type Difference = {
  readonly kind: 'added' | 'removed' | 'changed'
  readonly path: string
  readonly text: string
}

/** What a later version changed in the fields of an earlier one. */
export function differences(earlier: readonly Field[], later: readonly Field[]): Difference[] {
  const before = new Map(earlier.map((field) => [field.path, field]))
  const after = new Map(later.map((field) => [field.path, field]))
  const removed = earlier
    .filter(({ path }) => !after.has(path))
    .map(({ path, type }): Difference => ({ kind: 'removed', path, text: type }))
  const others = later.flatMap((field): Difference[] => {
    const old = before.get(field.path)
    if (!old) return [{ kind: 'added', path: field.path, text: described(field) }]
    if (described(old) === described(field)) return []
    return [{ kind: 'changed', path: field.path, text: `${described(old)} → ${described(field)}` }]
  })
  return [...removed, ...others]
}

function described({ type, hasDefault }: Field): string {
  return hasDefault ? `${type}, with a default` : type
}

function inside(avro: Avro, prefix: string): Field[] {
  if (typeof avro === 'string') return []
  if (isUnion(avro)) return avro.flatMap((branch) => inside(branch, prefix))
  const { fields, items, values, type } = avro
  if (fields)
    return fields.flatMap((field) => {
      const path = prefix + field.name
      return [
        { path, type: typeName(field.type), doc: field.doc ?? null, hasDefault: field.default !== undefined },
        ...inside(field.type, `${path}.`),
      ]
    })
  const inner = items ?? values
  if (inner !== undefined) return inside(inner, `${prefix.slice(0, -1)}[].`)
  return typeof type === 'object' ? inside(type, prefix) : []
}

function typeName(avro: Avro): string {
  if (typeof avro === 'string') return avro
  if (isUnion(avro)) return avro.map(typeName).join(' or ')
  if (avro.items !== undefined) return `list of ${typeName(avro.items)}`
  if (avro.values !== undefined) return `map of ${typeName(avro.values)}`
  return avro.logicalType ?? avro.name ?? typeName(avro.type)
}

function isUnion(avro: Avro): avro is readonly Avro[] {
  return Array.isArray(avro)
}
