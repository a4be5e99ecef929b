import type { Type, types } from 'avsc'
import {
  boundByRest,
  boundEmptyItems,
  type Cursor,
  enter,
  readIndex,
  readLength,
  readLong,
  refusal,
  skip,
} from './avro-cursor.ts'
import { payloadOffset } from './wire-format.ts'

/** Checks the Avro payload of a framed value; a `PoisonError` says what is wrong, and at which field. */
export type BoundsCheck = (value: Buffer) => void

type Walk = (cursor: Cursor) => void

/**
 * Makes the check for one writer's schema. avsc believes every count and length that it reads: six bytes can announce
 * 200 million items and exhaust the heap, which nothing can catch. So the bytes are walked before avsc sees them: every
 * count and length must fit into the bytes that are left, the depth is bounded, and the payload must end with the value.
 */
export function boundsCheck(type: Type): BoundsCheck {
  const walk = walker(type, type.name ?? type.typeName, new Map())
  return (bytes) => {
    const cursor: Cursor = { bytes, position: payloadOffset, depth: 0, emptyItems: 0 }
    walk(cursor)
    const rest = bytes.length - cursor.position
    if (rest > 0) throw refusal('CHORUS_TRAILING_BYTES', `${rest} bytes follow the end of ${type.name}`)
  }
}

/** `at` names the field for messages; `records` ends the recursion of a schema that contains itself. */
function walker(type: Type, at: string, records: Map<Type, Walk>): Walk {
  switch (type.typeName) {
    case 'null':
      return () => {}
    case 'boolean':
      return (cursor) => skip(cursor, 1, at)
    case 'int':
      return (cursor) => void readIndex(cursor, -(2 ** 31), 2 ** 31 - 1, at)
    case 'abstract:long':
      return (cursor) => void readLong(cursor, at)
    case 'float':
      return (cursor) => skip(cursor, 4, at)
    case 'double':
      return (cursor) => skip(cursor, 8, at)
    case 'bytes':
    case 'string':
      return (cursor) => skip(cursor, readLength(cursor, at), at)
    case 'fixed':
      return (cursor) => skip(cursor, (type as types.FixedType).size, at)
    case 'enum':
      return (cursor) => void readIndex(cursor, 0, (type as types.EnumType).symbols.length - 1, at)
    case 'union:unwrapped':
    case 'union:wrapped':
      return unionWalker((type as types.UnwrappedUnionType).types, at, records)
    case 'array':
      return blocksWalker((type as types.ArrayType).itemsType, at, records)
    case 'map':
      return mapWalker((type as types.MapType).valuesType, at, records)
    case 'record':
    case 'error':
      return recordWalker(type as types.RecordType, records)
    default:
      throw refusal('CHORUS_SCHEMA_MISMATCH', `${at} has the unknown Avro type ${type.typeName}`)
  }
}

function unionWalker(branches: readonly Type[], at: string, records: Map<Type, Walk>): Walk {
  const walks = branches.map((branch) => walker(branch, at, records))
  return (cursor) => walks[readIndex(cursor, 0, walks.length - 1, at)]?.(cursor)
}

function recordWalker(type: types.RecordType, records: Map<Type, Walk>): Walk {
  const known = records.get(type)
  if (known) return known
  const walks: Walk[] = []
  const walk: Walk = (cursor) => {
    enter(cursor, type.name ?? 'record')
    for (const field of walks) field(cursor)
    cursor.depth--
  }
  records.set(type, walk)
  for (const field of type.fields) walks.push(walker(field.type, `${type.name}.${field.name}`, records))
  return walk
}

function mapWalker(values: Type, at: string, records: Map<Type, Walk>): Walk {
  const value = walker(values, at, records)
  return blocks(at, false, (cursor) => {
    const length = readLength(cursor, at)
    const key = cursor.bytes.toString('latin1', cursor.position, cursor.position + length)
    // As a key, this would become the prototype of what avsc makes of the map.
    if (key === '__proto__') throw refusal('CHORUS_UNREADABLE', `${at} has the key __proto__`)
    skip(cursor, length, at)
    value(cursor)
  })
}

const blocksWalker = (items: Type, at: string, records: Map<Type, Walk>): Walk =>
  blocks(at, isEmpty(items), walker(items, at, records))

/** Arrays and maps come in counted blocks; a negative count is followed by the block's size, which avsc may skip by. */
function blocks(at: string, empty: boolean, item: Walk): Walk {
  return (cursor) => {
    enter(cursor, at)
    for (let count = readLong(cursor, at); count !== 0; count = readLong(cursor, at)) {
      const size = count < 0 ? readLength(cursor, at) : undefined
      const start = cursor.position
      const items = Math.abs(count)
      if (empty) boundEmptyItems(cursor, items, at)
      else boundByRest(cursor, items, 'items', at)
      for (let i = 0; i < items; i++) item(cursor)
      if (size !== undefined && cursor.position - start !== size) {
        throw refusal(
          'CHORUS_BOUND_EXCEEDED',
          `${at}: a block of ${size} bytes has ${cursor.position - start}`,
        )
      }
    }
    cursor.depth--
  }
}

/** True for types whose values take no bytes. A record that contains itself is taken as empty: the stricter bound. */
function isEmpty(type: Type, within: readonly Type[] = []): boolean {
  if (within.includes(type)) return true
  if (type.typeName === 'null') return true
  if (type.typeName === 'fixed') return (type as types.FixedType).size === 0
  if (type.typeName !== 'record' && type.typeName !== 'error') return false
  return (type as types.RecordType).fields.every((field) => isEmpty(field.type, [...within, type]))
}
