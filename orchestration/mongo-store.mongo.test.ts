import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Db, MongoClient } from 'mongodb'
import { RetryableError, TerminalError } from '#messaging'
import { proxyTo } from '../test/faulty-proxy.ts'
import { aHead, aRow } from './journal.fixtures.ts'
import { connectMongo } from './mongo/connection.ts'
import { mongoStore } from './mongo-store.ts'
import { storeConformance } from './store.conformance.ts'

const uri = process.env.MONGODB_URI ?? ''
const databaseName = `chorus_test_${randomUUID().slice(0, 8)}`
let client: MongoClient
let db: Db

beforeAll(async () => {
  if (!uri)
    throw new Error(
      'MONGODB_URI must name a MongoDB server for this test, for example mongodb://127.0.0.1:27017',
    )
  client = await connectMongo(uri)
  db = client.db(databaseName)
})

afterAll(async () => {
  await db?.dropDatabase()
  await client?.close()
})

storeConformance('the MongoDB store', () => mongoStore({ db, participant: `p${randomUUID().slice(0, 8)}` }))

test('several processes of a participant create its store at the same moment', async () => {
  const stores = await Promise.all(Array.from({ length: 5 }, () => mongoStore({ db, participant: 'crowd' })))
  const results = await Promise.all(stores.map((store) => store.insertRows([aRow('shared', 1)])))
  expect(results.flat().filter((result) => result === 'inserted')).toHaveLength(1)
})

test('a first writer that loses the race to an older head repeats its write', async () => {
  const participant = 'race'
  const rival = await mongoStore({ db, participant })
  const overtaken = await mongoStore({ db: overtakenOnce(db, () => rival.writeHeads([older])), participant })
  const older = aHead({ seq: 1 })
  const newer = { ...older, seq: 2 }
  await overtaken.writeHeads([newer])
  expect(await rival.readHeads([older._id])).toEqual([newer])
})

test('a row above the size of a MongoDB document is refused with a TerminalError, for no retry can help', async () => {
  const store = await mongoStore({ db, participant: 'large' })
  const state = { value: 's', context: { note: 'x'.repeat(17_000_000) }, status: 'active' as const }
  const row = aRow('large', 1, state)
  await expect(store.insertRows([row])).rejects.toThrow(TerminalError)
  await expect(store.writeHeads([aHead({ state })])).rejects.toThrow(TerminalError)
})

test('a saga above the size of a MongoDB document is left out of the archive, and the others are kept', async () => {
  const { archive } = await mongoStore({ db, participant: 'giants' })
  const state = { value: 's', context: { note: 'x'.repeat(4_000_000) }, status: 'done' as const }
  const [giant, other] = [aHead({ seq: 4 }), aHead({ seq: 1 })]
  const rows = [1, 2, 3, 4].map((seq) => aRow(giant._id, seq, state))
  const sagas = [
    { head: giant, rows },
    { head: other, rows: [aRow(other._id, 1)] },
  ]
  const kept = await archive.put(sagas, { archivedAt: 1, expireAt: Date.now() + 3_600_000 })
  expect(kept).toEqual(new Set([other._id]))
  expect((await archive.read([giant._id, other._id])).map(({ head }) => head)).toEqual([other])
})

test('what the URI says about the durability wins over the defaults', async () => {
  const own = await connectMongo(`${uri}${uri.includes('?') ? '&' : uri.endsWith('/') ? '?' : '/?'}w=1`)
  try {
    expect(own.options.writeConcern?.w).toBe(1)
    expect(client.options.writeConcern).toMatchObject({ w: 'majority', journal: true })
    expect(client.options.readConcern?.level).toBe('majority')
  } finally {
    await own.close()
  }
})

describe('when the server fails', () => {
  const limits = {
    directConnection: true,
    serverSelectionTimeoutMS: 500,
    connectTimeoutMS: 500,
    socketTimeoutMS: 500,
    heartbeatFrequencyMS: 500,
  }
  const limit = 5_000

  test('connecting to a server that is not there rejects with a RetryableError in time', async () => {
    const { port, close } = await proxyTo({ host: '127.0.0.1', port: 1 })
    await close()
    await expect(within(limit, connectMongo(`mongodb://127.0.0.1:${port}`, limits))).rejects.toThrow(
      RetryableError,
    )
  })

  test('a malformed URI rejects with a TerminalError', async () => {
    await expect(connectMongo('mongodb://?')).rejects.toThrow(TerminalError)
  })

  test('every call rejects with a RetryableError in time while the server is unreachable, and works again later', async () => {
    const proxy = await proxyTo(serverAddress())
    const proxied = await connectMongo(uriThrough(proxy.port), limits)
    try {
      const store = await mongoStore({ db: proxied.db(databaseName), participant: 'cut' })
      proxy.cut()
      const calls = [
        store.insertRows([aRow('cut', 1)]),
        store.readRows(['cut:1']),
        store.readHeads(['cut']),
        store.writeHeads([aHead()]),
        store.dueHeads({ partitions: [0], now: 1, limit: 1 }),
        store.listHeads({ limit: 1 }),
        store.countHeads({ state: 'paying', limit: 1 }),
        store.history('cut'),
        store.marks.read([1]),
        store.marks.write([
          { _id: 1, revision: 1, owner: 'cut', released: false, stuckAt: {}, attempts: [] },
        ]),
        store.archive.finished({ partitions: [0], before: 1, limit: 1 }),
        store.archive.spokenOf(['cut'], 1),
        store.archive.put([{ head: aHead(), rows: [] }], { archivedAt: 1, expireAt: 2 }),
        store.archive.read(['cut']),
        store.archive.removeRows([{ _id: 'cut', seq: 1 }]),
        store.archive.removeHeads([{ _id: 'cut', seq: 1 }]),
        store.archive.expire(1, 1),
      ]
      const outcomes = await within(limit, Promise.allSettled(calls))
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(RetryableError) })
      }
      proxy.restore()
      expect(await eventually(limit, () => store.insertRows([aRow('cut', 1)]))).toEqual(['inserted'])
    } finally {
      await proxied.close()
      await proxy.close()
    }
  })

  test('an insert whose answer is lost rejects with a RetryableError, and repeated it finds its own attempt', async () => {
    const proxy = await proxyTo(serverAddress())
    const proxied = await connectMongo(uriThrough(proxy.port), limits)
    try {
      const store = await mongoStore({ db: proxied.db(databaseName), participant: 'mute' })
      const row = aRow('mute', 1)
      proxy.mute()
      await expect(within(limit, store.insertRows([row]))).rejects.toThrow(RetryableError)
      proxy.restore()
      expect(await eventually(limit, () => store.insertRows([row]))).toEqual(['duplicate'])
      expect(await store.readRows([row._id])).toEqual([row])
    } finally {
      await proxied.close()
      await proxy.close()
    }
  })
})

/**
 * Answers the first `bulkWrite` as MongoDB does when another upsert came in between its look-up and its insert: with a duplicate
 * key, whatever the stored seq is. A server that takes one write after the other never shows this race by itself.
 */
function overtakenOnce(real: Db, rivalWrites: () => Promise<void>): Db {
  const collection = (name: string) => {
    const heads = real.collection<{ _id: string }>(name)
    const bulkWrite = heads.bulkWrite.bind(heads)
    heads.bulkWrite = async (operations) => {
      heads.bulkWrite = bulkWrite
      await rivalWrites()
      const inserts = operations.map((operation) => {
        const { _id } = (operation as { replaceOne: { filter: { _id: string } } }).replaceOne.filter
        return { insertOne: { document: { _id } } }
      })
      return bulkWrite(inserts, { ordered: false })
    }
    return heads
  }
  return { collection } as unknown as Db
}

function serverAddress(): { host: string; port: number } {
  const [first] = client.options.hosts
  return { host: first?.host ?? '', port: first?.port ?? 27017 }
}

function uriThrough(port: number): string {
  const { host, port: serverPort } = serverAddress()
  return uri.replace(`${host}:${serverPort}`, `127.0.0.1:${port}`)
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no outcome within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Repeats a call that may fail with a RetryableError, as every caller of the store does. */
async function eventually<T>(ms: number, call: () => Promise<T>): Promise<T> {
  const giveUpAt = Date.now() + ms
  for (;;) {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof RetryableError) || Date.now() > giveUpAt) throw error
    }
  }
}
