import type { Type } from 'avsc'
import { type BoundsCheck, boundsCheck } from './avro-bounds.ts'
import { compileSchema } from './avro-schema.ts'
import { PoisonError } from './errors.ts'
import type { SchemaRegistry } from './registry.ts'

/** A writer's schema, ready to read with. `resolvers` holds, by reader type, how its values become the reader's. */
export type WriterSchema = {
  readonly type: Type
  readonly check: BoundsCheck
  readonly resolvers: Map<Type, Resolver | PoisonError>
}

export type Resolver = ReturnType<Type['createResolver']>

/** Writers' schemas by id. A promise only when the registry has to be asked. */
export type WriterSchemas = {
  /** Throws or rejects with a `PoisonError` for an id that the registry does not know. */
  get(id: number): WriterSchema | Promise<WriterSchema>
  put(id: number, type: Type): void
}

type Unreadable = { readonly error: PoisonError; readonly until: number }

/** Ids come in messages, so anybody can invent them: neither memory nor the registry may suffer. */
const maxEntries = 1_000
/** A registry that was restored a moment ago knows later what it does not know now. */
const refusalMs = 30_000

export function writerSchemas(registry: SchemaRegistry): WriterSchemas {
  const known = new Map<number, WriterSchema | Unreadable>()
  const lookups = new Map<number, Promise<WriterSchema>>()

  function remember<Entry extends WriterSchema | Unreadable>(id: number, entry: Entry): Entry {
    known.delete(id)
    const [oldest] = known.keys()
    if (known.size >= maxEntries && oldest !== undefined) known.delete(oldest)
    known.set(id, entry)
    return entry
  }

  async function lookUp(id: number): Promise<WriterSchema> {
    try {
      return remember(id, compile(await registry.schemaOf(id), id))
    } catch (error) {
      if (error instanceof PoisonError) remember(id, { error, until: Date.now() + refusalMs })
      throw error
    } finally {
      lookups.delete(id)
    }
  }

  return {
    get(id) {
      const entry = known.get(id)
      if (entry && 'type' in entry) return entry
      if (entry && Date.now() < entry.until) throw entry.error
      const underWay = lookups.get(id)
      if (underWay) return underWay
      const lookup = lookUp(id)
      lookups.set(id, lookup)
      return lookup
    },
    put: (id, type) => void remember(id, prepare(type)),
  }
}

const prepare = (type: Type): WriterSchema => ({ type, check: boundsCheck(type), resolvers: new Map() })

function compile(schema: Parameters<typeof compileSchema>[0], id: number): WriterSchema {
  try {
    return prepare(compileSchema(schema))
  } catch (cause) {
    throw new PoisonError(`Schema ${id} of the registry is not valid Avro.`, {
      cause,
      code: 'CHORUS_UNKNOWN_SCHEMA',
    })
  }
}
