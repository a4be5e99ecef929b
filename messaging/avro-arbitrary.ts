import type { Type, types } from 'avsc'
import fc from 'fast-check'

/** Any value that fits an Avro type, for property tests. */
export function arbitraryOf(type: Type): fc.Arbitrary<unknown> {
  switch (type.typeName) {
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.boolean()
    case 'int':
      return fc.integer()
    case 'abstract:long':
      return fc.maxSafeInteger()
    case 'double':
      return fc.double()
    case 'string':
      return fc.string({ unit: 'binary' })
    case 'union:unwrapped':
      return fc.oneof(...(type as types.UnwrappedUnionType).types.map(arbitraryOf))
    case 'array':
      return fc.array(arbitraryOf((type as types.ArrayType).itemsType))
    case 'map':
      return fc.dictionary(fc.stringMatching(/^[a-z]+$/), arbitraryOf((type as types.MapType).valuesType), {
        noNullPrototype: true,
      })
    case 'record':
      return fc.record(
        Object.fromEntries(
          (type as types.RecordType).fields.map((field) => [field.name, arbitraryOf(field.type)]),
        ),
        { noNullPrototype: true },
      )
    default:
      throw new Error(`no values are made up for the Avro type ${type.typeName}`)
  }
}
