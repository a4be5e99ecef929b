import type { AnyBulkWriteOperation, Collection } from 'mongodb'
import { isSameWrite, type Mark, type MarkStore } from '../crash-loop/mark.ts'
import { asking, takenPositions } from './errors.ts'

/** As JSON text beside what the server itself compares, like everywhere. */
export type MarkDocument = { readonly _id: number; readonly revision: number; readonly mark: string }

/** The marks of a participant in MongoDB. */
export function mongoMarks(collection: Collection<MarkDocument>): MarkStore {
  async function read(partitions: readonly number[]): Promise<readonly Mark[]> {
    if (partitions.length === 0) return []
    const query = { _id: { $in: [...partitions] } }
    const found = await asking('read marks', () => collection.find(query).toArray())
    return found.map(({ mark }) => JSON.parse(mark))
  }

  return {
    read,
    async write(marks) {
      if (marks.length === 0) return []
      const contested = await replace(collection, marks)
      if (contested.size === 0) return marks.map(() => true)
      const stored = new Map((await read(marks.map(({ _id }) => _id))).map((mark) => [mark._id, mark]))
      return marks.map((mark) => isSameWrite(stored.get(mark._id), mark))
    },
  }
}

/** An upsert that finds another revision than the one before fails with a duplicate key. Returns the positions of those. */
async function replace(collection: Collection<MarkDocument>, marks: readonly Mark[]) {
  const upserts = marks.map((mark): AnyBulkWriteOperation<MarkDocument> => {
    const { _id, revision } = mark
    const replacement = { revision, mark: JSON.stringify(mark) }
    return { replaceOne: { filter: { _id, revision: revision - 1 }, replacement, upsert: true } }
  })
  try {
    await collection.bulkWrite(upserts, { ordered: false })
    return new Set<number>()
  } catch (error) {
    return takenPositions('write marks', error)
  }
}
