import type { AnyBulkWriteOperation, Collection, Filter } from 'mongodb'
import type { Archive, ArchivedSaga, FinishedHead } from '../housekeeping/archive.ts'
import { chunks } from './chunks.ts'
import { type HeadDocument, headOf, type RowDocument } from './documents.ts'
import { asking } from './errors.ts'

/** One per saga. Rows by their seq, as JSON text like everywhere. */
export type ArchiveDocument = {
  readonly _id: string
  readonly head: string
  readonly rows?: Readonly<Record<string, string>>
  readonly archivedAt: Date
  readonly expireAt: Date
}

/** A document has 16 MB at most. */
const largest = 15_000_000

/** The archive of a MongoDB store, in the collection `archive`. */
export function mongoArchive({
  journal,
  heads,
  archive,
}: {
  readonly journal: Collection<RowDocument>
  readonly heads: Collection<HeadDocument>
  readonly archive: Collection<ArchiveDocument>
}): Archive {
  return {
    async finished(query) {
      const found = await asking('find what is finished', () =>
        heads.find(finishedFilter(query)).sort({ finishedAt: 1, _id: 1 }).limit(query.limit).toArray(),
      )
      return found.map((document) => ({ head: headOf(document), finishedAt: document.finishedAt ?? 0 }))
    },

    async spokenOf(sagaIds, at) {
      for (const ids of chunks(sagaIds)) {
        const filter = { _id: { $in: ids }, finishedAt: { $lt: at } }
        await asking('note who was spoken of', () => heads.updateMany(filter, { $set: { finishedAt: at } }))
      }
    },

    async put(sagas, { archivedAt, expireAt }) {
      const times = { archivedAt: new Date(archivedAt), expireAt: new Date(expireAt) }
      const updates = sagas
        .map((saga) => ({ id: saga.head._id, fields: fieldsOf(saga) }))
        .filter(({ fields }) => bytesOf(fields) <= largest)
      const writes = updates.map(
        ({ id, fields }): AnyBulkWriteOperation<ArchiveDocument> => ({
          updateOne: { filter: { _id: id }, update: { $set: { ...fields, ...times } }, upsert: true },
        }),
      )
      if (writes.length > 0) await asking('archive', () => archive.bulkWrite(writes, { ordered: false }))
      return new Set(updates.map(({ id }) => id))
    },

    async read(sagaIds) {
      const found: ArchivedSaga[] = []
      for (const ids of chunks(sagaIds)) {
        const query = { _id: { $in: ids } }
        const documents = await asking('read the archive', () => archive.find(query).toArray())
        found.push(...documents.map(archivedSaga))
      }
      return found
    },

    async removeRows(batch) {
      const rows = batch.flatMap(({ _id, seq }) => Array.from({ length: seq }, (_, i) => `${_id}:${i + 1}`))
      for (const ids of chunks(rows)) {
        await asking('remove rows', () => journal.deleteMany({ _id: { $in: ids } }))
      }
    },

    async removeHeads(batch) {
      if (batch.length === 0) return
      const removals = batch.map(({ _id, seq }) => ({ deleteOne: { filter: { _id, seq } } }))
      await asking('remove heads', () => heads.bulkWrite(removals, { ordered: false }))
    },

    async expire(now, limit) {
      const over = { expireAt: { $lte: new Date(now) } }
      const found = await asking('find what has expired', () =>
        archive.find(over).limit(limit).project<{ _id: string }>({ _id: 1 }).toArray(),
      )
      let removed = 0
      for (const ids of chunks(found.map(({ _id }) => _id))) {
        const answer = await asking('remove what has expired', () =>
          archive.deleteMany({ ...over, _id: { $in: ids } }),
        )
        removed += answer.deletedCount
      }
      return removed
    },
  }
}

/** A server that knows TTL indexes removes by itself what has expired. For others it is an index like any other, for `expire`. */
export async function createArchiveIndex(archive: Collection<ArchiveDocument>): Promise<void> {
  const key = { expireAt: 1 } as const
  await archive
    .createIndex(key, { expireAfterSeconds: 0 })
    .catch(() => asking('create its indexes', () => archive.createIndex(key)))
}

function finishedFilter({
  partitions,
  before,
  after,
  among,
}: Parameters<Archive['finished']>[0]): Filter<HeadDocument> {
  return {
    finishedAt: { $lt: before, ...(after && { $gte: after.finishedAt }) },
    partition: { $in: [...partitions] },
    ...(among && { _id: { $in: [...among] } }),
    ...(after && behind(after)),
  }
}

function behind({ head, finishedAt }: FinishedHead): Filter<HeadDocument> {
  return { $or: [{ finishedAt: { $gt: finishedAt } }, { _id: { $gt: head._id } }] }
}

/** Each row is a field of its own, so that what is written again adds to what is there. */
function fieldsOf({ head, rows }: ArchivedSaga): Record<string, string> {
  const texts = rows.map((row) => [`rows.${row.seq}`, JSON.stringify(row)] as const)
  return { head: JSON.stringify(head), ...Object.fromEntries(texts) }
}

function bytesOf(fields: Readonly<Record<string, string>>): number {
  return Object.values(fields).reduce((sum, text) => sum + Buffer.byteLength(text), 0)
}

function archivedSaga({ head, rows = {} }: ArchiveDocument): ArchivedSaga {
  const read = Object.values(rows).map((row) => JSON.parse(row) as ArchivedSaga['rows'][number])
  return { head: JSON.parse(head), rows: read.sort((a, b) => a.seq - b.seq) }
}
