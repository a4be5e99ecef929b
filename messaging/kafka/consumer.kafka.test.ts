import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import kafkajs, { type Producer as KafkaJsProducer } from 'kafkajs'
import { say, type Testbed, testbed, until } from '../broker.fixtures.ts'
import { kafkaBroker } from './broker.ts'
import { kafkaConfigFromEnvironment } from './config.ts'
import { API, type FaultyProxy, faultyProxy } from './proxy.fixtures.ts'
import { withSnappy } from './snappy.fixtures.ts'
import { deleteTopics } from './topics.fixtures.ts'

const config = kafkaConfigFromEnvironment()
const [kafka = ''] = config.brokers
const { CompressionCodecs, CompressionTypes } = kafkajs

jest.setTimeout(40_000)

const silent = { error() {}, warn() {}, info() {} }

let bed: Testbed
let proxy: FaultyProxy

beforeAll(async () => {
  proxy = await faultyProxy(kafka)
  bed = await testbed(kafkaBroker(config, { log: silent }))
})
afterEach(() => {
  proxy.refusing = false
  proxy.answer = (_, frame) => frame
  return bed.closeReaders()
})
afterAll(async () => {
  await bed.close()
  await deleteTopics(config, bed.topics)
  await proxy.close()
})

describe('a member of a group on Kafka', () => {
  test('is replaced after it was killed, and what it had not committed comes again', async () => {
    const topic = await bed.topic(2)
    await bed.producer.send(say(topic, ['a-1', 'b-1', 'c-1', 'd-1']))
    const groupId = `killed.${topic}`
    const member = spawnMember(groupId, topic)
    await once(member.stdout, 'data')
    member.kill('SIGKILL')
    await once(member, 'exit')
    const survivor = await bed.read([topic], { groupId })
    await until('the survivor owns all', () => survivor.owned().length === 2)
    await until('all has come to it', () => survivor.records.length >= 4)
    expect(survivor.values().toSorted()).toEqual(['a-1', 'b-1', 'c-1', 'd-1'])
  })

  test('goes on by itself after Kafka was away: a group at its commits, a viewer where it was', async () => {
    const topic = await bed.topic(1)
    await bed.producer.send(say(topic, ['a-1', 'a-2']))
    const member = await bed.read([topic])
    const viewer = await bed.read([topic], { assignment: 'standalone' })
    await until('both have all', () => member.records.length === 2 && viewer.records.length === 2)
    await member.commit([{ topic, partition: 0, offset: 1n }])

    proxy.refusing = true
    proxy.cut()
    const outage = setTimeout(() => {
      proxy.refusing = false
    }, 8_000)
    await until('both have joined anew', () =>
      [member, viewer].every(({ assignments }) => assignments.length > 1),
    )
    clearTimeout(outage)

    await bed.producer.send(say(topic, ['a-3']))
    await until('the new one has come to both', () =>
      [member, viewer].every((reader) => reader.values().includes('a-3')),
    )
    expect(viewer.values()).toEqual(['a-1', 'a-2', 'a-3'])
    expect(member.values()).toEqual(['a-1', 'a-2', 'a-2', 'a-3'])
  })

  test('goes on by itself after Kafka went away while it looked for its coordinator', async () => {
    const topic = await bed.topic(1)
    await bed.producer.send(say(topic, ['a-1']))
    const member = await bed.read([topic])
    await until('it has all', () => member.records.length === 1)
    await member.commit([{ topic, partition: 0, offset: 1n }])

    const refused = proxy.refused()
    proxy.refusing = true
    proxy.cut()
    // More often than one life of kafkajs' retries: it begins anew, and has to find its coordinator again.
    await until('it has tried for long', () => proxy.refused() > refused + 12)
    const asked = proxy.requests(API.findCoordinator)
    proxy.answer = (apiKey, frame) => {
      const isFirst = apiKey === API.findCoordinator && proxy.requests(apiKey) === asked + 1
      if (isFirst) proxy.cut()
      return isFirst ? null : frame
    }
    proxy.refusing = false
    await until('it has asked again', () => proxy.requests(API.findCoordinator) > asked + 1)
    await bed.producer.send(say(topic, ['a-2']))
    await until('it goes on', () => member.records.length === 2)
    expect(member.values()).toEqual(['a-1', 'a-2'])
  })

  test('is reported dead when kafkajs gives it up for good', async () => {
    const topic = await bed.topic(1)
    const deaths: Error[] = []
    const handler = { onRecords: () => {}, onFatal: (error: Error) => deaths.push(error) }
    const reader = await bed.read([topic], { handler })
    reader.pause([{ topic, partition: 0 }])
    await bed.producer.send(say(topic, ['.'.repeat(300_000)]))
    const zstd = CompressionCodecs[CompressionTypes.ZSTD]
    CompressionCodecs[CompressionTypes.ZSTD] = () => {
      throw new TypeError('a fault in the middle of a fetch')
    }
    try {
      reader.resume([{ topic, partition: 0 }])
      await until('its death is told', () => deaths.length > 0)
    } finally {
      CompressionCodecs[CompressionTypes.ZSTD] = zstd
    }
    expect(deaths.map(({ message }) => message)).toEqual(['a fault in the middle of a fetch'])
  })

  test('is reported dead when it is handed nothing though records wait', async () => {
    const topic = await bed.topic(1)
    const deaths: Error[] = []
    const handler = { onRecords: () => {}, onFatal: (error: Error) => deaths.push(error) }
    const watchful = await testbed(kafkaBroker(config, { watchEveryMs: 200, requestTimeoutMs: 1_000 }))
    const { groupId } = await watchful.read([topic], { handler })
    proxy.answer = (api, frame) => (api === API.fetch ? null : frame)
    await bed.producer.send(say(topic, ['a-1', 'a-2']))
    await until('its death is told', () => deaths.length > 0)
    proxy.answer = (_, frame) => frame
    await watchful.close()
    expect(deaths.map(({ message }) => message)).toEqual([
      `2 records of ${topic}/0 wait, but group ${groupId} is handed nothing.`,
    ])
  })
})

describe('records that others wrote', () => {
  test('come with a missing key, with bytes in headers, and the last of repeated headers', async () => {
    const topic = await bed.topic(1)
    const bytes = Buffer.from([0xff, 0x00, 0xfe])
    const producer = await foreignProducer()
    const headers = { bytes, repeated: ['first', 'last'] }
    await producer.send({ topic, messages: [{ key: null, value: 'x', headers }] })
    await producer.disconnect()
    const reader = await bed.read([topic])
    await until('it has come', () => reader.records.length === 1)
    expect(reader.records[0]).toMatchObject({ key: null, headers: { repeated: 'last' } })
    expect(Buffer.from(reader.records[0]?.headers.bytes ?? '', 'latin1')).toEqual(bytes)
  })
})

describe('a batch that cannot be unpacked here', () => {
  const bomb = Buffer.alloc(65 * 1024 * 1024)

  /** A topic with such a batch of somebody else's, and a record of ours behind it. */
  async function packed(compression: number, value: string | Buffer, settings = {}): Promise<string> {
    const topic = `packed.${randomUUID()}`
    await bed.admin.createTopics([{ name: topic, partitions: 1, settings }])
    bed.topics.push(topic)
    const producer = await foreignProducer()
    await withSnappy(() => producer.send({ topic, compression, messages: [{ key: 'a', value }] }))
    await producer.disconnect()
    await bed.producer.send(say(topic, ['a-2']))
    return topic
  }

  test('is read like any other when the broker unpacks what comes', async () => {
    const topic = await packed(CompressionTypes.Snappy, 'a-1', { 'compression.type': 'uncompressed' })
    const reader = await bed.read([topic])
    await until('both have come', () => reader.records.length === 2)
    expect(reader.values()).toEqual(['a-1', 'a-2'])
  })

  test.each([
    [
      'it is packed with what we do not read',
      CompressionTypes.Snappy,
      'a-1',
      /Snappy compression not implemented/,
    ],
    ['it would burst the memory', CompressionTypes.GZIP, bomb, /larger than 67108864 bytes/],
  ])(
    'kills the consumer, which says why and what helps instead of standing still: %s',
    async (_, packing, value, reason) => {
      const topic = await packed(packing, value)
      const deaths: Error[] = []
      await bed.read([topic], { handler: { onRecords() {}, onFatal: (error) => deaths.push(error) } })
      await until('its death is told', () => deaths.length > 0)
      expect(deaths).toMatchObject([{ name: 'TerminalError', code: 'CHORUS_UNREADABLE_BATCH' }])
      expect(deaths[0]?.message).toMatch(reason)
      expect(deaths[0]?.message).toMatch(/Set compression\.type=uncompressed/)
    },
  )
})

async function foreignProducer(): Promise<KafkaJsProducer> {
  const producer = new kafkajs.Kafka({ brokers: [kafka] }).producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  })
  await producer.connect()
  return producer
}

/** A member in a process of its own, which writes a line when records have come to it. */
function spawnMember(groupId: string, topic: string) {
  const program = `
    import { kafkaBroker } from '${new URL('broker.ts', import.meta.url)}'
    await kafkaBroker(${JSON.stringify(config)}).consume({
      groupId: '${groupId}',
      topics: ['${topic}'],
      assignment: 'co-partitioned',
      handler: { onRecords: () => console.log('got records') },
    })`
  return spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}
