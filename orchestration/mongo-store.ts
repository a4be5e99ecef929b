import type { AnyBulkWriteOperation, Collection, Db, Filter } from 'mongodb'
import { RetryableError } from '#messaging'
import type { Head, JournalRow } from './journal.ts'
import { type ArchiveDocument, createArchiveIndex, mongoArchive } from './mongo/archive.ts'
import {
  type HeadDocument,
  headDocument,
  headIndexes,
  headOf,
  type RowDocument,
  rowDocument,
  rowOf,
} from './mongo/documents.ts'
import { asking, takenPositions } from './mongo/errors.ts'
import { insertNew } from './mongo/insert-new.ts'
import { type MarkDocument, mongoMarks } from './mongo/marks.ts'
import type { DueHead, HeadQuery, Store } from './store.ts'

/** A contested head needs a second round; more only while other owners keep writing the same one. */
const headRounds = 20
/** Most sagas' rows come with one request. */
const historyChunk = 32

export type MongoStoreOptions = {
  /** Its write and read concern count; `connectMongo` sets the safe ones. Whoever made its client closes it. */
  readonly db: Db
  /** Collections are `<participant>.journal`, `<participant>.heads`, `<participant>.archive` and `<participant>.marks`. */
  readonly participant: string
}

/**
 * The store on MongoDB, and on servers that speak its protocol: it asks for atomic inserts under a unique `_id`, single-document
 * updates and plain indexes, which it creates when they are missing. `close` leaves the client open.
 */
export async function mongoStore({ db, participant }: MongoStoreOptions): Promise<Store> {
  const journal = db.collection<RowDocument>(`${participant}.journal`)
  const heads = db.collection<HeadDocument>(`${participant}.heads`)
  const archive = db.collection<ArchiveDocument>(`${participant}.archive`)
  await asking('create its indexes', () => heads.createIndexes(headIndexes))
  await createArchiveIndex(archive)

  return {
    async insertRows(rows) {
      const taken = await insertNew('insert journal rows', journal, rows.map(rowDocument))
      return rows.map((_, position) => (taken.has(position) ? 'duplicate' : 'inserted'))
    },

    async readRows(ids) {
      return asking('read journal rows', () => findRows(journal, ids))
    },

    async readHeads(sagaIds) {
      const query = { _id: { $in: [...sagaIds] } }
      const found = await asking('read heads', () => heads.find(query).toArray())
      return found.map(headOf)
    },

    writeHeads: (batch, begun) => writeHeads(heads, batch, begun),

    dueHeads: (query) => asking('find what is due', () => findDue(heads, query)),

    async listHeads(query) {
      const found = await asking('list heads', () => findNewest(heads, query))
      return found.map(headOf)
    },

    countHeads: ({ state, limit }) =>
      asking('count heads', () => heads.countDocuments({ states: state }, { limit })),

    async history(sagaId) {
      const story: JournalRow[] = []
      for (;;) {
        const ids = Array.from({ length: historyChunk }, (_, i) => `${sagaId}:${story.length + i + 1}`)
        const rows = await asking('read the history', () => findRows(journal, ids))
        story.push(...rows.sort((a, b) => a.seq - b.seq))
        if (rows.length < historyChunk) return story
      }
    },

    archive: mongoArchive({ journal, heads, archive }),

    marks: mongoMarks(db.collection<MarkDocument>(`${participant}.marks`)),

    async close() {},
  }
}

async function findRows(journal: Collection<RowDocument>, ids: readonly string[]): Promise<JournalRow[]> {
  return (await journal.find({ _id: { $in: [...ids] } }).toArray()).map(rowOf)
}

/**
 * The upsert under `seq < n` inserts a missing head, replaces an older one, and fails with a duplicate key beside a newer one. That
 * failure also comes from two first writers racing, so it proves nothing: only the stored seq does.
 */
async function writeHeads(
  collection: Collection<HeadDocument>,
  batch: readonly Head[],
  begun: ReadonlySet<string> = new Set(),
): Promise<void> {
  const [first, later] = [
    batch.filter(({ _id }) => begun.has(_id)),
    batch.filter(({ _id }) => !begun.has(_id)),
  ]
  const there = await insertNew('write heads', collection, first.map(headDocument))
  let behind = [...first.filter((_, position) => there.has(position)), ...later]
  for (let round = 0; round < headRounds; round++) {
    if (behind.length === 0) return
    const contested = await upsertOlder(collection, behind)
    behind = contested.length === 0 ? [] : await storedBehind(collection, contested)
  }
  if (behind.length > 0) throw new RetryableError(`${behind.length} heads are still contested`)
}

async function upsertOlder(collection: Collection<HeadDocument>, batch: readonly Head[]): Promise<Head[]> {
  const upserts = batch.map(
    (head): AnyBulkWriteOperation<HeadDocument> => ({
      replaceOne: {
        filter: { _id: head._id, seq: { $lt: head.seq } },
        replacement: headDocument(head),
        upsert: true,
      },
    }),
  )
  try {
    await collection.bulkWrite(upserts, { ordered: false })
    return []
  } catch (error) {
    const taken = takenPositions('write heads', error)
    return batch.filter((_, position) => taken.has(position))
  }
}

async function storedBehind(collection: Collection<HeadDocument>, batch: readonly Head[]): Promise<Head[]> {
  const query = { _id: { $in: batch.map((head) => head._id) } }
  const stored = await asking('read heads', () => collection.find(query).project({ seq: 1 }).toArray())
  const seqs = new Map(stored.map((head) => [head._id, head.seq]))
  return batch.filter((head) => (seqs.get(head._id) ?? 0) < head.seq)
}

async function findDue(
  heads: Collection<HeadDocument>,
  { partitions, now, limit, after }: Parameters<Store['dueHeads']>[0],
): Promise<DueHead[]> {
  const filter: Filter<HeadDocument> = {
    partition: { $in: [...partitions] },
    dueAt: { $lte: now, ...(after && { $gte: after.dueAt }) },
    ...(after && { $or: [{ dueAt: { $gt: after.dueAt } }, { _id: { $gt: after._id } }] }),
  }
  return heads
    .find(filter)
    .sort({ dueAt: 1, _id: 1 })
    .limit(limit)
    .project<DueHead>({ seq: 1, partition: 1, dueAt: 1 })
    .toArray()
}

async function findNewest(heads: Collection<HeadDocument>, { after, limit, state }: HeadQuery) {
  const filter: Filter<HeadDocument> = {
    ...(state !== undefined && { states: state }),
    ...(after && {
      startedAt: { $lte: after.startedAt },
      $or: [{ startedAt: { $lt: after.startedAt } }, { _id: { $lt: after.id } }],
    }),
  }
  return heads.find(filter).sort({ startedAt: -1, _id: -1 }).limit(limit).toArray()
}
