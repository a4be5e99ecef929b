import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Db, MongoClient } from 'mongodb'
import { connectMongo } from './connection.ts'
import { mongoSchemaCache } from './schema-cache.ts'

let client: MongoClient
let db: Db
beforeAll(async () => {
  client = await connectMongo(process.env.MONGODB_URI ?? '')
  db = client.db(`schema-cache-${randomUUID()}`)
})
afterAll(async () => {
  await db.dropDatabase()
  await client.close()
})

test('what was written is there for another process, the last text under each key', async () => {
  await mongoSchemaCache(db).write('order.events-chorus.OrderPaid#x', '1')
  await mongoSchemaCache(db).write('order.events-chorus.OrderPaid#x', '2')
  const cache = mongoSchemaCache(db)
  expect(await cache.read('order.events-chorus.OrderPaid#x')).toBe('2')
  expect(await cache.read('order.events-chorus.OrderPaid#y')).toBeUndefined()
})

test('services that start at once may all write the same entry', async () => {
  await Promise.all(Array.from({ length: 20 }, () => mongoSchemaCache(db).write('#7', '{}')))
  expect(await mongoSchemaCache(db).read('#7')).toBe('{}')
})
