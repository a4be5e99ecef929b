import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Db, MongoClient } from 'mongodb'
import { RetryableError } from '#messaging'
import { connectMongo } from '../mongo/connection.ts'
import { mealSteps, storyOf } from './meal.fixtures.ts'
import { mongoStoryShelf } from './mongo-story-shelf.ts'
import { mongoStoryStore } from './mongo-story-store.ts'
import { storyShelfConformance } from './story-shelf.conformance.ts'
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

const aPrefix = () => `t${randomUUID().slice(0, 8)}`

storyStoreConformance('the MongoDB story store', () => mongoStoryStore(db, aPrefix()))
storyShelfConformance('the MongoDB story shelf', async () => mongoStoryShelf(db, aPrefix()))

const steps = mealSteps('m1')
const story = storyOf(steps)

test('several trackers create their store at the same moment', async () => {
  const stores = await Promise.all(Array.from({ length: 5 }, () => mongoStoryStore(db, 'crowd')))
  await stores[0]?.write([{ story, from: 0, steps }])
  for (const store of stores) expect(await store.read(['m1'])).toEqual([story])
})

test('a store that is opened later lists what was there, and each lists what another one writes and purges', async () => {
  const [first, prefix] = [mealSteps('m1'), aPrefix()]
  const writer = await mongoStoryStore(db, prefix)
  await writer.write([{ story: storyOf(first.slice(0, 1)), from: 0, steps: first.slice(0, 1) }])
  const reader = await mongoStoryStore(db, prefix)
  const running = () => reader.count({ states: ['running'] }, 10)
  expect(await running()).toBe(1)
  await writer.write([{ story, from: 1, steps: first.slice(1) }])
  await eventually(async () => (await running()) === 0)
  expect(await reader.list({ states: ['ended'] }, { order: 'urgency', limit: 10 })).toEqual([story])
  await writer.purge(Number.MAX_SAFE_INTEGER, 1)
  expect(await reader.list({}, { order: 'urgency', limit: 10 })).toEqual([])
  expect(await reader.count({}, 10)).toBe(0)
})

test('every call rejects with a RetryableError when the server is gone', async () => {
  const own = await connectMongo(process.env.MONGODB_URI ?? '')
  const gone = own.db(db.databaseName)
  const store = await mongoStoryStore(gone, 'gone')
  const shelf = mongoStoryShelf(gone, 'gone')
  await own.close()
  const calls = [
    () => store.write([{ story, from: 0, steps }]),
    () => store.read(['m1']),
    () => store.list({ id: 'm1' }, { order: 'urgency', limit: 1 }),
    () => store.count({ id: 'm1' }, 1),
    () => store.stepsOf('m1'),
    () => store.purge(1, 1),
    () => shelf.generations(),
    () => shelf.replace({ revision: 1, serving: null, building: null }),
    () => shelf.keepOnly([]),
  ]
  for (const call of calls) await expect(call()).rejects.toThrow(RetryableError)
})

describe('a shelf', () => {
  test('takes what lies there unnamed for an older shape, and removes it with all that is not kept', async () => {
    const prefix = aPrefix()
    const other = aPrefix()
    for (const name of [`${prefix}.stories`, `${prefix}.steps`, `${other}.stories`, `${prefix}.more`])
      await db.createCollection(name)
    const shelf = mongoStoryShelf(db, prefix)
    expect(await shelf.generations()).toMatchObject({ serving: { group: prefix, shape: 1 } })
    const kept = { group: `${prefix}-2`, shape: 2 }
    await shelf.open(kept)
    await shelf.keepOnly([kept])
    const names = (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name)
    expect(names.filter((name) => name.startsWith(prefix)).sort()).toEqual([
      `${prefix}-2.stories`,
      `${prefix}.more`,
    ])
    expect(names).toContain(`${other}.stories`)
  })
})

async function eventually(met: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + 10_000
  while (!(await met())) {
    if (performance.now() > giveUpAt) throw new Error('waited 10 s in vain')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
