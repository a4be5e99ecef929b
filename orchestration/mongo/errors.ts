import { BSON, MongoBulkWriteError, MongoInvalidArgumentError } from 'mongodb'
import { RetryableError, TerminalError } from '#messaging'

const duplicateKey = 11_000

/**
 * The positions in the batch that failed because their `_id` was taken. Any other failure in it, also a write concern that was
 * not met, leaves the outcome unknown and is thrown as `storeError` words it.
 */
export function takenPositions(action: string, error: unknown): ReadonlySet<number> {
  if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError()) {
    throw storeError(action, error)
  }
  const failures = [error.writeErrors].flat()
  if (failures.length === 0 || failures.some((failure) => failure.code !== duplicateKey)) {
    throw storeError(action, error)
  }
  return new Set(failures.map((failure) => failure.index))
}

/** `TerminalError` for what the driver refuses to send at all (a document above 16 MB), else `RetryableError`. */
export function storeError(action: string, error: unknown): RetryableError | TerminalError {
  const message = `MongoDB could not ${action}: ${error instanceof Error ? error.message : String(error)}`
  const refused = error instanceof MongoInvalidArgumentError || error instanceof BSON.BSONError
  if (refused) return new TerminalError(message, { cause: error, code: 'CHORUS_STORE_REFUSED' })
  return new RetryableError(message, { cause: error, code: 'CHORUS_STORE_UNAVAILABLE' })
}

/** The answer, or the port's error; `action` completes the sentence "MongoDB could not …". */
export async function asking<T>(action: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request()
  } catch (error) {
    throw storeError(action, error)
  }
}
