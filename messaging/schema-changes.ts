import type { Schema, Type, types } from 'avsc'
import { compileSchema } from './avro-schema.ts'

/** What keeps two versions of a schema from reading each other, and what to write instead. */
export type BreakingChange = {
  /** Path of the field within the record, e.g. `shipTo.street`; empty for the record itself. */
  readonly field: string
  readonly rule: string
  readonly fix: string
}

/**
 * The changes that break full compatibility: each of the two schemas must read what the other one wrote. Registries say this
 * in their own words or not at all, so it is found here.
 */
export function breakingChanges(before: Schema, after: Schema): readonly BreakingChange[] {
  return compare(compileSchema(before), compileSchema(after), '', new Set())
}

function compare(before: Type, after: Type, path: string, seen: Set<Type>): readonly BreakingChange[] {
  if (isRecord(before) && isRecord(after))
    return seen.has(after) ? [] : records(before, after, path, seen.add(after))
  const [itemsBefore, itemsAfter] = [itemsOf(before), itemsOf(after)]
  if (before.typeName === after.typeName && itemsBefore && itemsAfter) {
    return compare(itemsBefore, itemsAfter, path, seen)
  }
  return canRead(before, after) && canRead(after, before) ? [] : [typeChanged(before, after, path)]
}

function records(before: types.RecordType, after: types.RecordType, path: string, seen: Set<Type>) {
  const changes: BreakingChange[] = []
  if (before.name !== after.name) changes.push(renamed(before, after, path))
  for (const field of after.fields) {
    const old = before.field(field.name)
    const at = path ? `${path}.${field.name}` : field.name
    if (old) changes.push(...compare(old.type, field.type, at, seen))
    else if (field.defaultValue() === undefined) changes.push(added(at))
  }
  for (const field of before.fields) {
    const gone = !after.field(field.name) && field.defaultValue() === undefined
    if (gone) changes.push(removed(path ? `${path}.${field.name}` : field.name))
  }
  return changes
}

const isRecord = (type: Type): type is types.RecordType => type.typeName === 'record'

function itemsOf(type: Type): Type | undefined {
  const { itemsType, valuesType } = type as Partial<types.ArrayType & types.MapType>
  return itemsType ?? valuesType
}

function canRead(reader: Type, writer: Type): boolean {
  try {
    reader.createResolver(writer)
    return true
  } catch {
    return false
  }
}

const added = (field: string): BreakingChange => ({
  field,
  rule: 'a new field needs a default, or nobody can read the events written before it',
  fix: `make ${field} optional: "type": ["null", …], "default": null`,
})

const removed = (field: string): BreakingChange => ({
  field,
  rule: 'a field without a default must stay, or those who still expect it cannot read new events',
  fix: `put ${field} back; it may be left empty`,
})

const typeChanged = (before: Type, after: Type, field: string): BreakingChange => ({
  field,
  rule: `its type changed from ${shown(before)} to ${shown(after)}, which do not read each other`,
  fix: `keep the type of ${field} and add an optional field with another name`,
})

const renamed = (before: Type, after: Type, field: string): BreakingChange => ({
  field,
  rule: `the record ${before.name} is now called ${after.name}; names are part of the contract`,
  fix: `keep the name ${before.name}`,
})

const shown = (type: Type) => type.name ?? JSON.stringify(type.schema())
