import type { Collection, OptionalUnlessRequiredId } from 'mongodb'
import { takenPositions } from './errors.ts'

/**
 * Inserts what is not there yet, with one request; returns the positions of those whose `_id` was taken. `action` completes the sentence
 * "MongoDB could not …". An upsert costs a store a multiple of it.
 */
export async function insertNew<T extends { readonly _id: string }>(
  action: string,
  collection: Collection<T>,
  documents: readonly T[],
): Promise<ReadonlySet<number>> {
  if (documents.length === 0) return new Set()
  try {
    await collection.insertMany(documents as OptionalUnlessRequiredId<T>[], { ordered: false })
    return new Set()
  } catch (error) {
    return takenPositions(action, error)
  }
}
