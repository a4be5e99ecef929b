import avsc, { type Schema, type Type, type types } from 'avsc'
import { PoisonError } from './errors.ts'

/** avsc's own `long` changes negative numbers beyond 2^52 without a word; this one is exact as far as numbers are. */
const exactLong = avsc.types.LongType.__with({
  isValid: Number.isSafeInteger,
  toBuffer(value: number) {
    const bytes = Buffer.allocUnsafe(8)
    bytes.writeBigInt64LE(BigInt(value))
    return bytes
  },
  fromBuffer(bytes: Buffer) {
    const value = Number(bytes.readBigInt64LE())
    if (Number.isSafeInteger(value)) return value
    throw new RangeError(`the long ${bytes.readBigInt64LE()} is no safe integer`)
  },
  fromJSON: Number,
  toJSON: Number,
  compare: (a: number, b: number) => a - b,
})

/** Compiles a schema. Its decoded records are plain objects, so that they clone, compare and serialise like any other data. */
export function compileSchema(schema: Schema): Type {
  const type = avsc.Type.forSchema(schema, {
    typeHook: (part) => (isLong(part) ? exactLong : undefined),
  })
  forEachRecord(type, ({ recordConstructor }) => {
    recordConstructor.prototype = Object.prototype
  })
  return type
}

const isLong = (schema: Schema): boolean =>
  schema === 'long' || (typeof schema === 'object' && 'type' in schema && schema.type === 'long')

function forEachRecord(type: Type, visit: (record: types.RecordType) => void, seen = new Set<Type>()): void {
  if (seen.has(type)) return
  seen.add(type)
  if (type.typeName === 'record' || type.typeName === 'error') visit(type as types.RecordType)
  for (const part of parts(type)) forEachRecord(part, visit, seen)
}

function parts(type: Type): readonly Type[] {
  const { fields, itemsType, valuesType, types } = type as Partial<Parts>
  const inner = [itemsType, valuesType].filter((part) => part !== undefined)
  return [...(fields ?? []).map((field) => field.type), ...(types ?? []), ...inner]
}

type Parts = types.RecordType & types.ArrayType & types.MapType & types.UnwrappedUnionType

/** Throws a `PoisonError` that names the field, what the schema expects there and what it got. */
export function checkFits(type: Type, data: unknown): void {
  if (type.isValid(data, { noUndeclaredFields: true })) return
  let complaint = 'does not fit its schema'
  let found = false
  type.isValid(data, {
    noUndeclaredFields: true,
    errorHook(path, value, expected) {
      if (found) return
      found = true
      complaint = describe(path, value, expected)
    },
  })
  throw new PoisonError(`${type.name}: ${complaint}.`, { code: 'CHORUS_SCHEMA_MISMATCH' })
}

function describe(path: readonly string[], value: unknown, expected: Type): string {
  const field = path.join('.')
  const undeclared = undeclaredField(value, expected)
  if (undeclared) return `the schema has no field ${[...path, undeclared].join('.')}`
  return `${field || 'the data'} must be ${nameOf(expected)}, got ${kindOf(value)}`
}

function undeclaredField(value: unknown, expected: Type): string | undefined {
  if (expected.typeName !== 'record' || typeof value !== 'object' || value === null) return undefined
  return Object.keys(value).find((name) => !(expected as types.RecordType).field(name))
}

function nameOf(type: Type): string {
  const branches = (type as Partial<types.UnwrappedUnionType>).types
  if (branches) return branches.map(nameOf).join(' or ')
  if (type === exactLong) return 'long (a whole number below 2^53)'
  return type.name ? `${type.typeName} ${type.name}` : type.typeName
}

/** Text is not repeated: it may be personal data, and errors end up in logs and dead letters. */
function kindOf(value: unknown): string {
  if (typeof value === 'string') return `a text of ${value.length} characters`
  if (typeof value === 'bigint') return 'a bigint'
  if (typeof value !== 'object' || value === null) return String(value)
  return `a ${Object.getPrototypeOf(value)?.constructor?.name ?? 'object without prototype'}`
}
