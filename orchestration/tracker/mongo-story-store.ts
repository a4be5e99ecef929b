import type { AnyBulkWriteOperation, Collection, Db, Filter, IndexDescription } from 'mongodb'
import { RetryableError } from '#messaging'
import { chunks } from '../mongo/chunks.ts'
import { asking } from '../mongo/errors.ts'
import { insertNew } from '../mongo/insert-new.ts'
import type { SagaStep } from '../saga-steps.ts'
import { type ListedDocument, mongoCatalogue } from './mongo-catalogue.ts'
import type { Story } from './saga-machine.ts'
import { endedRank, fieldsOf, type Page, pageOf, rankOfEnded, type StoryQuery } from './story-fields.ts'
import type { StoryStore, Telling } from './story-store.ts'

/**
 * As JSON text, for a machine's state may have keys that BSON or MongoDB treat specially; beside it what stories are found by.
 * `chapters`: ids of the documents that hold its steps.
 */
type StoryDocument = ListedDocument & { readonly story: string; readonly chapters: readonly string[] }

/** The steps that came with one writing of a story, so that no document grows with the length of its saga. */
type ChapterDocument = {
  readonly _id: string
  readonly sagaId: string
  readonly at: Date
  readonly steps: readonly string[]
}

type Written = Telling & { readonly chapters: readonly ChapterDocument[] }

const indexes: IndexDescription[] = [
  // For the look-up by id, the purge, and what other trackers have written.
  { key: { ids: 1 } },
  { key: { rank: 1 } },
  { key: { writtenAt: 1 } },
]

/** Characters of one chapter; a document has 16 MB at most. */
const mostInChapter = 2 ** 21

/** Sagas that one id may lead to. */
const mostOfOneId = 1_000

/**
 * Stories on MongoDB, and on servers that speak its protocol, in the collections `<prefix>.stories` and `<prefix>.chapters`:
 * inserts under a unique `_id`, look-ups by it, updates guarded by the revision, and three plain indexes, which it creates.
 * Lists come from a catalogue in memory.
 */
export async function mongoStoryStore(db: Db, prefix = 'tracker'): Promise<StoryStore> {
  const stories = db.collection<StoryDocument>(`${prefix}.stories`)
  const chapters = db.collection<ChapterDocument>(`${prefix}.chapters`)
  await asking('create its indexes', () => stories.createIndexes(indexes))
  const listed = await mongoCatalogue(stories as unknown as Collection<ListedDocument>)

  async function read(sagaIds: readonly string[]): Promise<Story[]> {
    const found: Story[] = []
    for (const some of chunks(sagaIds)) {
      const answer = () =>
        stories
          .find({ _id: { $in: some } })
          .project({ story: 1 })
          .toArray()
      found.push(...(await asking('read stories', answer)).map(({ story }) => JSON.parse(story)))
    }
    return found
  }

  /** What one id leads to is little: the rest of the query is asked here. */
  async function found({ id, ...query }: StoryQuery & { readonly id: string }, page: Page): Promise<Story[]> {
    const answer = () => stories.find({ ids: id }).limit(mostOfOneId).project({ story: 1 }).toArray()
    const named = (await asking('look up an id', answer)).map(({ story }): Story => JSON.parse(story))
    return pageOf(named, query, page)
  }

  return {
    read,

    async write(tellings) {
      // Chapters first: a story must not tell of steps that nobody has.
      const written = tellings.map((telling) => ({ ...telling, chapters: chaptersOf(telling) }))
      await insertNew(
        'insert stories',
        chapters,
        written.flatMap((each) => each.chapters),
      )
      const begun = written.filter(({ from }) => from === 0)
      const taken = await insertNew('insert stories', stories, begun.map(storyDocument))
      for (const [i, { story }] of begun.entries()) if (!taken.has(i)) listed.put(story)
      const others = written.filter(({ from }) => from > 0)
      const missed = others.length - (await goOn(stories, others))
      // Of these nobody knows which ones were missed: the catalogue will read them.
      if (missed === 0) for (const { story } of others) listed.put(story)
      const inTheWay = taken.size + missed
      if (inTheWay > 0) throw new RetryableError(`${inTheWay} stories are told by another tracker`)
    },

    async list({ id, ...query }, page) {
      if (id !== undefined) return await found({ id, ...query }, page)
      const ids = (await listed.read()).list(query, page)
      const byId = new Map((await read(ids)).map((story) => [story.sagaId, story]))
      // Another tracker has purged what is missing.
      for (const sagaId of ids) if (!byId.has(sagaId)) listed.remove(sagaId)
      return ids.flatMap((sagaId) => byId.get(sagaId) ?? [])
    },

    async count({ id, ...query }, most) {
      if (id === undefined) return (await listed.read()).count(query, most)
      return (await found({ id, ...query }, { order: 'urgency', limit: most })).length
    },

    tally: async () => (await listed.read()).tally(),

    async stepsOf(sagaId) {
      const story = await asking('read a story', () =>
        stories.findOne({ _id: sagaId }, { projection: { chapters: 1 } }),
      )
      const found: ChapterDocument[] = []
      for (const ids of chunks(story?.chapters ?? []))
        found.push(...(await asking('read steps', () => chapters.find({ _id: { $in: ids } }).toArray())))
      return found.flatMap(({ steps }) => steps.map((step): SagaStep => JSON.parse(step)))
    },

    async purge(before, limit) {
      const over = await asking('find old stories', () =>
        stories
          .find({ rank: { $gt: Math.max(endedRank, rankOfEnded(before)) } })
          .sort({ rank: -1 })
          .limit(limit)
          .project<Pick<StoryDocument, '_id' | 'revision'>>({ revision: 1 })
          .toArray(),
      )
      if (over.length === 0) return 0
      // Chapters first: without their story nobody would find them again. Also those that a lost race has left.
      await asking('purge steps', () => chapters.bulkWrite(over.map(({ _id }) => withoutChapters(_id))))
      const removals = over.map(({ _id, revision }) => ({ deleteOne: { filter: { _id, revision } } }))
      await asking('purge stories', () => stories.bulkWrite(removals))
      for (const { _id } of over) listed.remove(_id)
      return over.length
    },
  }
}

/** How many were written; the others have another revision than the one that they were told from. */
async function goOn(collection: Collection<StoryDocument>, tellings: readonly Written[]): Promise<number> {
  if (tellings.length === 0) return 0
  const updates = tellings.map((telling): AnyBulkWriteOperation<StoryDocument> => {
    const { _id, chapters, ...fields } = storyDocument(telling)
    const update = { $set: fields, $push: { chapters: { $each: [...chapters] } } }
    return { updateOne: { filter: { _id, revision: telling.from }, update } }
  })
  const answer = () => collection.bulkWrite(updates, { ordered: false })
  return (await asking('write stories', answer)).matchedCount
}

/** The name says exactly which steps are in it, so the same name has the same steps. */
function chaptersOf({ story: { sagaId }, from, steps }: Telling): ChapterDocument[] {
  const texts = steps.map((step) => JSON.stringify(step))
  const documents: ChapterDocument[] = []
  for (let start = 0, end = 0, size = 0; start < texts.length; start = end, size = 0) {
    do size += texts[end++]?.length ?? 0
    while (end < texts.length && size + (texts[end]?.length ?? 0) <= mostInChapter)
    documents.push({
      _id: `${sagaId}:${from + start + 1}-${from + end}`,
      sagaId,
      at: new Date(steps[start]?.at ?? 0),
      steps: texts.slice(start, end),
    })
  }
  return documents
}

function storyDocument({ story, chapters }: Written): StoryDocument {
  const { dueAt = null, ...fields } = fieldsOf(story)
  return {
    _id: story.sagaId,
    revision: story.revision,
    ...fields,
    dueAt,
    writtenAt: new Date(),
    story: JSON.stringify(story),
    chapters: chapters.map(({ _id }) => _id),
  }
}

/** Other sagas' ids may begin alike, so the range alone does not say whose they are. */
function withoutChapters(sagaId: string): AnyBulkWriteOperation<ChapterDocument> {
  const filter: Filter<ChapterDocument> = { _id: { $gte: `${sagaId}:`, $lt: `${sagaId};` }, sagaId }
  return { deleteMany: { filter } }
}
