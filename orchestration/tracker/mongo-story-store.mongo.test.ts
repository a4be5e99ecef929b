import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Db, MongoClient } from 'mongodb'
import { RetryableError } from '#messaging'
import { connectMongo } from '../mongo/connection.ts'
import { mealSteps, storyOf } from './meal.fixtures.ts'
import { mongoStoryStore } from './mongo-story-store.ts'
import { storyStoreConformance } from './story-store.conformance.ts'

let client: MongoClient
let db: Db

beforeAll(async () => {
  const uri = process.env.MONGODB_URI
  if (!uri)
    throw new Error(
      'MONGODB_URI must name a MongoDB server for this test, for example mongodb://127.0.0.1:27017',
    )
  client = await connectMongo(uri)
  db = client.db(`chorus_test_${randomUUID().slice(0, 8)}`)
})

afterAll(async () => {
  await db?.dropDatabase()
  await client?.close()
})

storyStoreConformance('the MongoDB story store', () => mongoStoryStore(db, `t${randomUUID().slice(0, 8)}`))

test('several trackers create their store at the same moment', async () => {
  const stores = await Promise.all(Array.from({ length: 5 }, () => mongoStoryStore(db, 'crowd')))
  const story = storyOf(mealSteps('crowd'))
  await stores[0]?.writeStories([story])
  for (const store of stores) expect(await store.readStories(['crowd'])).toEqual([story])
})

test('every call rejects with a RetryableError when the server is gone', async () => {
  const own = await connectMongo(process.env.MONGODB_URI ?? '')
  const store = await mongoStoryStore(own.db(db.databaseName), 'gone')
  await own.close()
  const steps = mealSteps('gone')
  const story = storyOf(steps)
  const calls = [
    () => store.insertSteps(steps),
    () => store.readStories(['gone']),
    () => store.writeStories([story]),
    () => store.listStories({ limit: 1 }),
    () => store.stepsOf(story),
    () => store.purge(1, 1),
  ]
  for (const call of calls) await expect(call()).rejects.toThrow(RetryableError)
})
