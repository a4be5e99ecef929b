import { createRequire } from 'node:module'
import { describe, expect, jest, test } from '@jest/globals'
import './kafkajs.ts'

const require = createRequire(import.meta.url)

/** Encodes a fetch of one partition, by a module of kafkajs that makes encoders of its own. */
async function fetchRequest(topic: string): Promise<Buffer> {
  const request = require('kafkajs/src/protocol/requests/fetch/v11/request.js')({
    replicaId: -1,
    maxWaitTime: 100,
    minBytes: 1,
    maxBytes: 4,
    isolationLevel: 1,
    rackId: '',
    topics: [{ topic, partitions: [{ partition: 7, fetchOffset: '9', maxBytes: 5 }] }],
  })
  return (await request.encode()).buffer
}

describe('what kafkajs encodes', () => {
  test('lies in buffers of the pool, and not in one of its own for each of its parts', async () => {
    expect((await fetchRequest('orders')).buffer.byteLength).toBe(Buffer.poolSize)
  })

  test('is what was written, however dirty the pool is, and however long it gets', async () => {
    const topic = 'o'.repeat(3_000)
    for (let i = 0; i < 100; i++) Buffer.allocUnsafe(512).fill(0xff)
    const first = await fetchRequest(topic)
    for (let i = 0; i < 100; i++) Buffer.allocUnsafe(512).fill(0xaa)
    expect(await fetchRequest(topic)).toEqual(first)
    const [topicAt, partitionAt] = [29, 31 + 3_000 + 4]
    expect(first.readInt16BE(topicAt)).toBe(3_000)
    expect(first.subarray(topicAt + 2).toString('utf8', 0, 3_000)).toBe(topic)
    expect(first.readInt32BE(partitionAt)).toBe(7)
    expect(first.readBigInt64BE(partitionAt + 8)).toBe(9n)
  })
})

describe('an answer to a fetch', () => {
  const { prototype } = require('kafkajs/src/consumer/runner.js')

  function runner(batches: readonly object[]) {
    const heartbeat = jest.fn(async () => {})
    const fetched = { running: true, instrumentationEmitter: { emit() {} }, heartbeat }
    return { ...fetched, consumerGroup: { fetch: async () => batches } }
  }

  test('has only the partitions in which something lies, seen or unseen', async () => {
    const [empty, unseen, filled] = [
      { rawMessages: [], messages: [] },
      { rawMessages: ['mark'], messages: [] },
      { rawMessages: ['record'], messages: ['record'] },
    ]
    const consumer = runner([empty, unseen, filled])
    expect(await prototype.fetch.call(consumer, 1)).toEqual([unseen, filled])
    expect(consumer.heartbeat).not.toHaveBeenCalled()
  })

  test('that is empty is a moment to say that one is alive', async () => {
    const consumer = runner([{ rawMessages: [], messages: [] }])
    expect(await prototype.fetch.call(consumer, 1)).toEqual([])
    expect(consumer.heartbeat).toHaveBeenCalledTimes(1)
  })
})
