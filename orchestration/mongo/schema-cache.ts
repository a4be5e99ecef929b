import { type Db, MongoServerError } from 'mongodb'
import type { SchemaCache } from '#messaging'
import { asking } from './errors.ts'

type CachedText = { readonly _id: string; readonly text: string }

/** What the schema registry said, in the collection `chorus.schemas`; all services of a database fill it together. */
export function mongoSchemaCache(db: Db): SchemaCache {
  const entries = db.collection<CachedText>('chorus.schemas')
  return {
    async read(key) {
      const found = await asking('read the schema cache', () => entries.findOne({ _id: key }))
      return found?.text
    },
    async write(key, text) {
      await asking('write the schema cache', () =>
        entries.replaceOne({ _id: key }, { text }, { upsert: true }).catch(unlessRaced),
      )
    },
  }
}

/** Another service was first with the same entry, and it heard the same registry. */
function unlessRaced(error: unknown): void {
  if (!(error instanceof MongoServerError && error.code === 11_000)) throw error
}
