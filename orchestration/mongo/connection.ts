import { MongoClient, type MongoClientOptions } from 'mongodb'
import { TerminalError } from '#messaging'
import { storeError } from './errors.ts'

/** Rows are the lock and the outbox: an acknowledged one must survive a failover, and only such rows may be read and published. */
const defaults = {
  w: 'majority',
  journal: true,
  readConcernLevel: 'majority',
  readPreference: 'primary',
  serverSelectionTimeoutMS: 5_000,
  connectTimeoutMS: 5_000,
  socketTimeoutMS: 10_000,
  waitQueueTimeoutMS: 5_000,
} satisfies MongoClientOptions

/**
 * A connected client that waits for the majority's journal on writes, reads only what the majority holds, and gives up instead of
 * hanging: about 15 s for one attempt of a call, and the driver makes at most two. Credentials, TLS and replica set come
 * with the URI; what the URI says wins over these defaults, and `options` wins over both. Rejects with a
 * `RetryableError` when no server answers, with a `TerminalError` when the URI is malformed.
 */
export async function connectMongo(uri: string, options: MongoClientOptions = {}): Promise<MongoClient> {
  const client = createClient(uri, { ...without(defaults, namedIn(uri)), ...options })
  try {
    await client.connect()
    await client.db('admin').command({ ping: 1 })
    return client
  } catch (error) {
    await client.close().catch(() => {})
    throw storeError('connect', error)
  }
}

function createClient(uri: string, options: MongoClientOptions): MongoClient {
  try {
    return new MongoClient(uri, options)
  } catch (error) {
    const message = `The MongoDB URI or options cannot be used: ${error}`
    throw new TerminalError(message, { cause: error, code: 'CHORUS_STORE_URI' })
  }
}

/** The names of the options that the URI sets itself, in lower case: the URI's names are case-insensitive. */
function namedIn(uri: string): ReadonlySet<string> {
  const query = new URLSearchParams(uri.split('?')[1] ?? '')
  return new Set([...query.keys()].map((name) => name.toLowerCase()))
}

function without(options: MongoClientOptions, names: ReadonlySet<string>): MongoClientOptions {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !names.has(name.toLowerCase())))
}
