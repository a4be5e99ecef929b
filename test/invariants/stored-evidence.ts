import { type Head, type Infrastructure, type JournalRow, mongoStoryShelf, type Story } from '#orchestration'
import type { Sagas, Sources } from './collect.ts'

type Database = NonNullable<Infrastructure['database']>

const page = 1_000

/** Whole collections, with a cursor: the stores' own look-ups find no row whose head is missing, and list no more stories than a person looks at. */
export function storedEvidence(database: Database): Pick<Sources, 'journal' | 'stories'> {
  async function all<T>(collection: string, field: string, sagas: Sagas): Promise<T[]> {
    const found: T[] = []
    const documents = database
      .collection<{ _id: string; [field: string]: string }>(collection)
      .find({}, { projection: { [field]: 1 }, batchSize: page })
    for await (const document of documents)
      if (sagas(sagaIn(document._id))) found.push(JSON.parse(document[field] ?? '') as T)
    return found
  }

  return {
    async journal(name, sagas = () => true) {
      return {
        rows: await all<JournalRow>(`${name}.journal`, 'row', sagas),
        heads: await all<Head>(`${name}.heads`, 'head', sagas),
      }
    },
    async stories(sagas = () => true) {
      const { serving } = await mongoStoryShelf(database).generations()
      return serving ? await all<Story>(`${serving.group}.stories`, 'story', sagas) : []
    },
  }
}

/** The id of a head or a story is its saga; a row's is the saga, a colon and the number of the row. */
function sagaIn(id: string): string {
  const end = id.lastIndexOf(':')
  return end < 0 ? id : id.slice(0, end)
}
