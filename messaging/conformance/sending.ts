import { randomBytes, randomUUID } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { say, type Testbed, until } from '../broker.fixtures.ts'
import { partitionOf } from '../partitioner.ts'
import { byKey, byPartition } from './records.ts'

/** What every broker promises to those who send. */
export function sendingConformance(name: string, bed: () => Testbed): void {
  describe(`sending to ${name}`, () => {
    test('keeps the order of a key across sends', async () => {
      const topic = await bed().topic()
      const reader = await bed().read([topic])
      const sent = Array.from({ length: 60 }, (_, i) => `k${i % 6}-${i}`)
      for (let at = 0; at < sent.length; at += 10)
        await bed().producer.send(say(topic, sent.slice(at, at + 10)))
      await until('all messages have come', () => reader.records.length === sent.length)
      expect(byKey(reader.values())).toEqual(byKey(sent))
    })

    test('puts a key into the partition that the partitioner says, at consecutive offsets', async () => {
      const topic = await bed().topic()
      const reader = await bed().read([topic])
      await bed().producer.send(say(topic, ['a-1', 'b-1', 'c-1', 'd-1', 'a-2', 'b-2']))
      await until('all messages have come', () => reader.records.length === 6)
      for (const { key, partition } of reader.records) expect(partition).toBe(partitionOf(key ?? '', 4))
      for (const [, records] of byPartition(reader.records)) {
        expect(records.map(({ offset }) => offset)).toEqual(records.map((_, at) => BigInt(at)))
      }
    })

    test('carries headers, an empty text and the absence of a value unchanged', async () => {
      const topic = await bed().topic()
      const reader = await bed().read([topic])
      const headers = { ce_type: 'Grüße 🎵', empty: '', traceparent: '00-aa-bb-01' }
      const before = Date.now()
      await bed().producer.send([
        { topic, key: 'k', value: null, headers },
        { topic, key: 'k', value: Buffer.alloc(0), headers: {} },
      ])
      await until('both have come', () => reader.records.length === 2)
      expect(reader.records[0]).toMatchObject({ key: 'k', value: null, headers })
      expect(reader.records[1]).toMatchObject({ value: Buffer.alloc(0), headers: {} })
      expect(reader.records[0]?.timestamp).toBeGreaterThan(before - 60_000)
    })

    test('takes a batch larger than one request, complete and in order per key', async () => {
      const topic = await bed().topic()
      const reader = await bed().read([topic])
      const sent = Array.from(
        { length: 5_000 },
        (_, i) => `k${i % 97}-${i}${randomBytes(750).toString('base64')}`,
      )
      await bed().producer.send(say(topic, sent))
      await until('all 5,000 have come', () => reader.records.length >= sent.length)
      expect(byKey(reader.values())).toEqual(byKey(sent))
    })

    test('refuses a send that overlaps another one, and stores the first', async () => {
      const topic = await bed().topic()
      const first = bed().producer.send(say(topic, ['a-1']))
      await expect(bed().producer.send(say(topic, ['b-1']))).rejects.toMatchObject({
        name: 'TerminalError',
        code: 'CHORUS_OVERLAPPING_SEND',
      })
      await first
      const reader = await bed().read([topic])
      await until('the first has come', () => reader.records.length > 0)
      expect(reader.values()).toEqual(['a-1'])
    })

    test('refuses a message that the topic does not take for good, and goes on with others', async () => {
      const topic = await bed().topic()
      const value = randomBytes(1_200_000)
      await expect(bed().producer.send([{ topic, key: 'k', value, headers: {} }])).rejects.toMatchObject({
        name: 'TerminalError',
        code: 'CHORUS_MESSAGE_TOO_LARGE',
      })
      await bed().producer.send(say(topic, ['a-1']))
      const reader = await bed().read([topic])
      await until('the small one has come', () => reader.records.length > 0)
      expect(reader.values()).toEqual(['a-1'])
    })

    test('reports a topic that does not exist as something that may pass', async () => {
      const lost = say(`missing.${randomUUID()}`, ['a-1'])
      await expect(bed().producer.send(lost)).rejects.toMatchObject({
        name: 'RetryableError',
        code: 'CHORUS_TOPIC_MISSING',
      })
    })
  })
}
