import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { connectMongo, mongoStore, replaySagas } from '#orchestration'
import { corporaOf } from '../journals/corpus.ts'
import { journalsInMongo } from './journals.ts'
import { shippedParticipants } from './participants.ts'

const uri = process.env.MONGODB_URI ?? ''
const database = `chorus_test_${randomUUID().slice(0, 8)}`
const parts = shippedParticipants({})
const names = parts.map(({ name }) => name)
const counted = { sagas: new Set<string>(), rows: 0 }
let client: Awaited<ReturnType<typeof connectMongo>>

/** The committed journals, as a running shop would have them in its database. */
beforeAll(async () => {
  client = await connectMongo(uri)
  for (const participant of names) {
    const store = await mongoStore({ db: client.db(database), participant })
    for (const { rows } of await corporaOf(participant)) {
      for (const sameSeq of Map.groupBy(rows, ({ seq }) => seq).values()) await store.insertRows(sameSeq)
      for (const { sagaId } of rows) counted.sagas.add(sagaId)
      counted.rows += rows.length
    }
  }
})

afterAll(async () => {
  await client?.db(database).dropDatabase()
  await client?.close()
})

test('a shop’s database gives whole sagas, one after the other, with the rows of all participants', async () => {
  const seen = new Set<string>()
  for await (const journals of journalsInMongo(uri, database, names)) {
    const ids = new Set([...journals.values()].flat().map(({ sagaId }) => sagaId))
    expect(ids.size).toBe(1)
    for (const id of ids) expect(seen.has(id)).toBe(false)
    for (const id of ids) seen.add(id)
  }
  expect(seen).toEqual(counted.sagas)
})

test('they replay from there as from their files', async () => {
  const report = await replaySagas(parts, journalsInMongo(uri, database, names))
  expect(report).toMatchObject({ sagas: counted.sagas.size, rows: counted.rows, divergences: [] })
})
