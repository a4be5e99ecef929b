import { once } from 'node:events'
import { expect, test } from '@jest/globals'
import { MongoClient } from 'mongodb'
import { v7 } from 'uuid'
import { RetryableError } from '#messaging'
import { proxyTo } from '../../../test/faulty-proxy.ts'
import { mongoRequests } from './mongo-requests.ts'
import { requestStoreConformance } from './requests.conformance.ts'
import type { OrderRequest } from './requests.ts'

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
    const request = aRequest('o', 'k')
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

test('a claim whose connection breaks while it is under way is not taken as kept, and can be made again', async () => {
  const { hostname, port } = new URL(mongoUri())
  const proxy = await proxyTo({ host: hostname, port: Number(port || 27017) })
  const { client, db } = await openDb(
    `mongodb://127.0.0.1:${proxy.port}/?directConnection=true&retryWrites=false`,
  )
  try {
    const requests = await mongoRequests(db)
    const request = aRequest('o', 'k')
    proxy.mute()
    const sent = once(client, 'commandStarted')
    const claim = requests.claim(request).catch((error) => error)
    await sent
    proxy.restore()
    expect(await claim).toBeInstanceOf(RetryableError)
    expect(await requests.claim(request)).toEqual(request)
    expect(await requests.byOrderIds(['o'])).toEqual([request])
  } finally {
    await db.dropDatabase()
    await client.close()
    await proxy.close()
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

const aRequest = (orderId: string, key: string): OrderRequest => ({
  ...{ key, orderId, bodyHash: 'h', commandId: 'c', command: {} as never, at: 1 },
})

function mongoUri(): string {
  const uri = process.env.MONGODB_URI
  if (!uri) throw new Error('MONGODB_URI is not set: this test needs a MongoDB (npm run up starts one).')
  return uri
}

async function openDb(uri = mongoUri()) {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5_000, monitorCommands: true })
  await client.connect()
  return { client, db: client.db(`requests-test-${v7()}`) }
}
