import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { say, type Testbed, testbed, until } from '../broker.fixtures.ts'
import type { Producer } from '../broker.ts'
import { kafkaBroker } from './broker.ts'
import { kafkaConfigFromEnvironment } from './config.ts'
import { API, type FaultyProxy, faultyProxy } from './proxy.fixtures.ts'
import { deleteTopics } from './topics.fixtures.ts'

const config = kafkaConfigFromEnvironment()
const [kafka = ''] = config.brokers
const OUT_OF_ORDER_SEQUENCE_NUMBER = 45

jest.setTimeout(30_000)

describe('a producer whose answers get lost', () => {
  let bed: Testbed
  let proxy: FaultyProxy
  let producer: Producer

  beforeAll(async () => {
    bed = await testbed(kafkaBroker(config))
    proxy = await faultyProxy(kafka)
    producer = await kafkaBroker(config, { requestTimeoutMs: 300 }).producer()
  })
  afterEach(() => {
    proxy.answer = (_, frame) => frame
    proxy.refusing = false
    return bed.closeReaders()
  })
  afterAll(async () => {
    await producer.close()
    await proxy.close()
    await deleteTopics(config, bed.topics)
    await bed.close()
  })

  test('repeats by itself, under the same sequence number, so that the message is stored once', async () => {
    const topic = await bed.topic(1)
    let lost = 0
    proxy.answer = (api, frame) => (api === API.produce && lost++ === 0 ? null : frame)
    await producer.send(say(topic, ['a-1', 'a-2']))
    await producer.send(say(topic, ['a-3']))
    expect(lost).toBeGreaterThan(1)
    expect(await stored(topic)).toEqual(['a-1', 'a-2', 'a-3'])
  })

  test('says that the outcome is unknown, and loses nothing when the caller repeats the batch', async () => {
    const topic = await bed.topic(1)
    await producer.send(say(topic, ['a-1']))
    proxy.answer = (api, frame) => (api === API.produce ? null : frame)
    await expect(producer.send(say(topic, ['a-2', 'a-3']))).rejects.toMatchObject({ name: 'RetryableError' })
    proxy.answer = (_, frame) => frame
    await producer.send(say(topic, ['a-2', 'a-3']))
    await producer.send(say(topic, ['a-4']))
    expect(unique(await stored(topic))).toEqual(['a-1', 'a-2', 'a-3', 'a-4'])
  })

  test('gives a dead connection up before all its retries have timed out there', async () => {
    const topic = await bed.topic(1)
    const before = proxy.requests(API.produce)
    proxy.answer = (api, frame) => (api === API.produce ? null : frame)
    await expect(producer.send(say(topic, ['a-1']))).rejects.toMatchObject({ name: 'RetryableError' })
    expect(proxy.requests(API.produce) - before).toBeLessThan(5)
  })

  test('loses nothing when the caller goes on with another batch instead', async () => {
    const topic = await bed.topic(1)
    proxy.answer = (api, frame) => (api === API.produce ? null : frame)
    await expect(producer.send(say(topic, ['a-1']))).rejects.toMatchObject({ name: 'RetryableError' })
    proxy.answer = (_, frame) => frame
    await producer.send(say(topic, ['b-1']))
    expect(await stored(topic)).toContain('b-1')
  })

  test('loses nothing when the connection breaks before the answer', async () => {
    const topic = await bed.topic(1)
    let cuts = 0
    proxy.answer = (api, frame) => {
      if (api !== API.produce || cuts++ > 0) return frame
      proxy.cut()
      return null
    }
    await producer.send(say(topic, ['a-1']))
    await producer.send(say(topic, ['a-2']))
    expect(cuts).toBeGreaterThan(0)
    expect(unique(await stored(topic))).toEqual(['a-1', 'a-2'])
  })

  test('is replaced by a new one when the broker finds its sequence numbers out of order', async () => {
    const topic = await bed.topic(1)
    const before = proxy.requests(API.initProducerId)
    proxy.answer = (api, frame) => (api === API.produce ? refusal(frame, topic) : frame)
    await expect(producer.send(say(topic, ['a-1']))).rejects.toMatchObject({ name: 'RetryableError' })
    proxy.answer = (_, frame) => frame
    await producer.send(say(topic, ['a-1', 'a-2']))
    expect(proxy.requests(API.initProducerId)).toBe(before + 1)
    expect(unique(await stored(topic))).toEqual(['a-1', 'a-2'])
  })

  test('works again after Kafka was away', async () => {
    const topic = await bed.topic(1)
    proxy.refusing = true
    proxy.cut()
    await expect(producer.send(say(topic, ['a-1']))).rejects.toMatchObject({ name: 'RetryableError' })
    proxy.refusing = false
    await producer.send(say(topic, ['a-1']))
    expect(unique(await stored(topic))).toEqual(['a-1'])
  })

  /** All values in a topic of one partition, as they lie there. */
  async function stored(topic: string): Promise<readonly string[]> {
    const { partitions } = await bed.admin.lag('nobody', [topic])
    const viewer = await bed.read([topic], { assignment: 'standalone' })
    await until('a viewer has all', () => BigInt(viewer.records.length) === partitions[0]?.end)
    return viewer.values()
  }
})

/** A produce answer for one partition with its error code changed: size, correlation id, one topic, one partition, its number. */
function refusal(frame: Buffer, topic: string): Buffer {
  const refused = Buffer.from(frame)
  refused.writeInt16BE(OUT_OF_ORDER_SEQUENCE_NUMBER, 4 + 4 + 4 + 2 + topic.length + 4 + 4)
  return refused
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)]
}
