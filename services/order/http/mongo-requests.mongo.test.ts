import { expect, test } from '@jest/globals'
import { MongoClient } from 'mongodb'
import { v7 } from 'uuid'
import { mongoRequests } from './mongo-requests.ts'
import { requestStoreConformance } from './requests.conformance.ts'

requestStoreConformance('MongoDB', async () => {
  const { client, db } = await openDb()
  return {
    requests: await mongoRequests(db),
    async close() {
      await db.dropDatabase()
      await client.close()
    },
  }
})

test('a request whose order row was lost in a crash is found by order id after the key is claimed again', async () => {
  const { client, db } = await openDb()
  try {
    const requests = await mongoRequests(db)
    const request = { key: 'k', bodyHash: 'h', orderId: 'o', commandId: 'c', command: {} as never, at: 1 }
    await requests.claim(request)
    await db.collection<{ _id: string }>('order.requests').deleteOne({ _id: 'order:o' })
    expect(await requests.byOrderIds(['o'])).toEqual([])

    await requests.claim({ ...request, orderId: 'another' })
    expect(await requests.byOrderIds(['o', 'another'])).toEqual([request])
  } finally {
    await db.dropDatabase()
    await client.close()
  }
})

test('a server that does not answer is a retryable error', async () => {
  const client = new MongoClient('mongodb://127.0.0.1:1', { serverSelectionTimeoutMS: 50 })
  try {
    await expect(mongoRequests(client.db('x'))).rejects.toMatchObject({
      name: 'RetryableError',
    })
  } finally {
    await client.close()
  }
})

async function openDb() {
  const uri = process.env.MONGODB_URI
  if (!uri) throw new Error('MONGODB_URI is not set: this test needs a MongoDB (npm run up starts one).')
  const client = await new MongoClient(uri, { serverSelectionTimeoutMS: 5_000 }).connect()
  return { client, db: client.db(`requests-test-${v7()}`) }
}
