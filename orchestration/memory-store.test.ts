import { expect, test } from '@jest/globals'
import { aHead } from './journal.fixtures.ts'
import { memoryStore } from './memory-store.ts'
import { storeConformance } from './store.conformance.ts'

storeConformance('the memory store', async () => memoryStore())

test('a memory store outlives its closing, so that a participant can start again on it', async () => {
  const store = memoryStore()
  const head = aHead()
  await store.writeHeads([head])
  await store.close()
  expect(await store.readHeads([head._id])).toEqual([head])
})
