import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { say, type Testbed, testbed, until } from './broker.testbed.ts'
import type { Broker, BrokerRecord, PartitionLag, Position, TopicPartition } from './broker.ts'
import { partitionOf } from './partitioner.ts'

/**
 * Registers the tests that every broker must pass. Topics and groups have fresh names, so a cluster that others use will do;
 * `afterwards` is given the names of the topics.
 */
export function brokerConformance(
  name: string,
  makeBroker: () => Broker,
  afterwards: (topics: readonly string[]) => Promise<void> = async () => {},
): void {
  let bed: Testbed

  beforeAll(async () => {
    bed = await testbed(makeBroker())
  })
  afterEach(() => bed.closeReaders())
  afterAll(async () => {
    await bed.close()
    await afterwards(bed.topics)
  })

  describe(`sending to ${name}`, () => {
    test('keeps the order of a key across sends', async () => {
      const topic = await bed.topic()
      const reader = await bed.read([topic])
      const sent = Array.from({ length: 60 }, (_, i) => `k${i % 6}-${i}`)
      for (let at = 0; at < sent.length; at += 10)
        await bed.producer.send(say(topic, sent.slice(at, at + 10)))
      await until('all messages have come', () => reader.records.length === sent.length)
      expect(byKey(reader.values())).toEqual(byKey(sent))
    })

    test('puts a key into the partition that the partitioner says, at consecutive offsets', async () => {
      const topic = await bed.topic()
      const reader = await bed.read([topic])
      await bed.producer.send(say(topic, ['a-1', 'b-1', 'c-1', 'd-1', 'a-2', 'b-2']))
      await until('all messages have come', () => reader.records.length === 6)
      for (const { key, partition } of reader.records) expect(partition).toBe(partitionOf(key ?? '', 4))
      for (const [, records] of byPartition(reader.records)) {
        expect(records.map(({ offset }) => offset)).toEqual(records.map((_, at) => BigInt(at)))
      }
    })

    test('carries headers, an empty text and the absence of a value unchanged', async () => {
      const topic = await bed.topic()
      const reader = await bed.read([topic])
      const headers = { ce_type: 'Grüße 🎵', empty: '', traceparent: '00-aa-bb-01' }
      const before = Date.now()
      await bed.producer.send([
        { topic, key: 'k', value: null, headers },
        { topic, key: 'k', value: Buffer.alloc(0), headers: {} },
      ])
      await until('both have come', () => reader.records.length === 2)
      expect(reader.records[0]).toMatchObject({ key: 'k', value: null, headers })
      expect(reader.records[1]).toMatchObject({ value: Buffer.alloc(0), headers: {} })
      expect(reader.records[0]?.timestamp).toBeGreaterThan(before - 60_000)
    })

    test('takes a batch larger than one request, complete and in order per key', async () => {
      const topic = await bed.topic()
      const reader = await bed.read([topic])
      const padding = '.'.repeat(1_000)
      const sent = Array.from({ length: 5_000 }, (_, i) => `k${i % 97}-${i}${padding}`)
      await bed.producer.send(say(topic, sent))
      await until('all 5,000 have come', () => reader.records.length >= sent.length)
      expect(byKey(reader.values())).toEqual(byKey(sent))
    })

    test('refuses a send that overlaps another one, and stores the first', async () => {
      const topic = await bed.topic()
      const first = bed.producer.send(say(topic, ['a-1']))
      await expect(bed.producer.send(say(topic, ['b-1']))).rejects.toMatchObject({
        name: 'TerminalError',
        code: 'CHORUS_OVERLAPPING_SEND',
      })
      await first
      const reader = await bed.read([topic])
      await until('the first has come', () => reader.records.length > 0)
      expect(reader.values()).toEqual(['a-1'])
    })

    test('refuses a message that the topic does not take for good, and goes on with others', async () => {
      const topic = await bed.topic()
      const value = randomBytes(1_200_000)
      await expect(bed.producer.send([{ topic, key: 'k', value, headers: {} }])).rejects.toMatchObject({
        name: 'TerminalError',
        code: 'CHORUS_MESSAGE_TOO_LARGE',
      })
      await bed.producer.send(say(topic, ['a-1']))
      const reader = await bed.read([topic])
      await until('the small one has come', () => reader.records.length > 0)
      expect(reader.values()).toEqual(['a-1'])
    })

    test('reports a topic that does not exist as something that may pass', async () => {
      const lost = say(`missing.${randomUUID()}`, ['a-1'])
      await expect(bed.producer.send(lost)).rejects.toMatchObject({
        name: 'RetryableError',
        code: 'CHORUS_TOPIC_MISSING',
      })
    })
  })

  describe(`a group on ${name}`, () => {
    test('hands records over again when the member that had them left without a commit', async () => {
      const topic = await bed.topic()
      await bed.producer.send(say(topic, ['a-1', 'b-1', 'c-1']))
      const first = await bed.read([topic])
      await until('the first member has them', () => first.records.length === 3)
      await first.close()
      const second = await bed.read([topic], { groupId: first.groupId })
      await until('the second member has them', () => second.records.length === 3)
      expect(second.values().toSorted()).toEqual(['a-1', 'b-1', 'c-1'])
    })

    test('continues after what was committed', async () => {
      const topic = await bed.topic(1)
      await bed.producer.send(say(topic, ['a-1', 'a-2', 'a-3']))
      const first = await bed.read([topic])
      await until('the first member has them', () => first.records.length === 3)
      await first.commit([{ topic, partition: 0, offset: 2n }])
      await first.close()
      const second = await bed.read([topic], { groupId: first.groupId })
      await until('the rest has come', () => second.records.length > 0)
      expect(second.values()).toEqual(['a-3'])
    })

    test('commits for itself only', async () => {
      const topic = await bed.topic(1)
      await bed.producer.send(say(topic, ['a-1', 'a-2']))
      const [one, other] = await Promise.all([bed.read([topic]), bed.read([topic])])
      await one.commit([{ topic, partition: 0, offset: 2n }])
      expect(await committed(one.groupId, [topic])).toEqual([2n])
      expect(await committed(other.groupId, [topic])).toEqual([null])
    })

    test('shares partitions between two members so that each owns the same numbers of both topics', async () => {
      const topics = [await bed.topic(), await bed.topic()]
      const first = await bed.read(topics)
      expect(first.owned()).toEqual([0, 1, 2, 3])
      const second = await bed.read(topics, { groupId: first.groupId })
      await until('both own two', () => first.owned().length === 2 && second.owned().length === 2)
      expect([...first.owned(), ...second.owned()].toSorted()).toEqual([0, 1, 2, 3])
      for (const { assignments } of [first, second]) {
        const owned = assignments.at(-1)?.partitions ?? []
        expect(numbersIn(topics[0], owned)).toEqual(numbersIn(topics[1], owned))
      }

      const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
      for (const topic of topics) await bed.producer.send(say(topic, keys))
      await until('every key came twice', () => first.records.length + second.records.length >= 16)
      for (const member of [first, second]) {
        for (const { key } of member.records) expect(member.owned()).toContain(partitionOf(key ?? '', 4))
      }
    })

    test('leaves a member what it can keep when another one joins, and gives all back when that one leaves', async () => {
      const topic = await bed.topic(6)
      const first = await bed.read([topic])
      const second = await bed.read([topic], { groupId: first.groupId })
      await until('both own three', () => first.owned().length === 3 && second.owned().length === 3)
      const [kept, moved] = [first.owned(), second.owned()]
      const third = await bed.read([topic], { groupId: first.groupId })
      await until('each owns two', () => [first, second, third].every(({ owned }) => owned().length === 2))
      expect(kept).toEqual(expect.arrayContaining([...first.owned()]))
      expect(moved).toEqual(expect.arrayContaining([...second.owned()]))
      await Promise.all([second.close(), third.close()])
      await until('the first owns all again', () => first.owned().length === 6)
    })

    test('is told its partitions before their records, and again after a rebalance', async () => {
      const topic = await bed.topic(2)
      await bed.producer.send(say(topic, ['a-1', 'b-1', 'c-1', 'd-1']))
      const first = await bed.read([topic])
      expect(first.assignments).toHaveLength(1)
      expect(first.assignments[0]).toMatchObject({ after: 0, partitions: { length: 2 } })
      await until('all have come', () => first.records.length === 4)
      const second = await bed.read([topic], { groupId: first.groupId })
      await until('the first member is told anew', () => first.owned().length === 1)
      // Nothing was committed, so both begin their partition anew.
      const anew = () => first.records.slice(first.assignments.at(-1)?.after)
      await until('all have come again', () => anew().length + second.records.length === 4)
      expect([...anew(), ...second.records].map(({ value }) => String(value)).toSorted()).toEqual([
        'a-1',
        'b-1',
        'c-1',
        'd-1',
      ])
    })

    test('drops the commit of a partition that went to another member', async () => {
      const topic = await bed.topic(2)
      await bed.producer.send(say(topic, ['a-1', 'b-1', 'c-1', 'd-1']))
      const first = await bed.read([topic])
      const second = await bed.read([topic], { groupId: first.groupId })
      await until('both own one', () => first.owned().length === 1 && second.owned().length === 1)
      const [lost = -1] = second.owned()
      await first.commit([{ topic, partition: lost, offset: 1n }])
      expect((await committed(first.groupId, [topic]))[lost]).toBeNull()
    })

    test('pauses one partition while the others flow, and resumes it without loss or repetition', async () => {
      const topic = await bed.topic(2)
      const reader = await bed.read([topic])
      const [still, flowing] = keysOf(0, 1)
      const paused = [{ topic, partition: 0 }]
      reader.pause(paused)
      for (let i = 0; i < 5; i++) await bed.producer.send(say(topic, [`${still}-${i}`, `${flowing}-${i}`]))
      await until('the flowing partition has come', () => reader.records.length >= 5)
      expect(reader.values()).toEqual([0, 1, 2, 3, 4].map((i) => `${flowing}-${i}`))
      reader.resume(paused)
      await until('the paused partition has come', () => reader.records.length >= 10)
      expect(reader.values().slice(5)).toEqual([0, 1, 2, 3, 4].map((i) => `${still}-${i}`))
    })

    test('obeys a pause from within the handler at once', async () => {
      const topic = await bed.topic(1)
      let pause = () => {}
      const reader = await bed.read([topic], { handler: { onRecords: () => pause() } })
      pause = () => reader.pause([{ topic, partition: 0 }])
      await bed.producer.send(say(topic, ['a-1']))
      await until('the first has come', () => reader.records.length === 1)
      await bed.producer.send(say(topic, ['a-2']))
      await settle(topic)
      expect(reader.values()).toEqual(['a-1'])
      reader.resume([{ topic, partition: 0 }])
      await until('the second has come', () => reader.records.length === 2)
    })

    test('lifts all pauses at a rebalance', async () => {
      const topic = await bed.topic(2)
      const all = [0, 1].map((partition) => ({ topic, partition }))
      const first = await bed.read([topic])
      first.pause(all)
      await bed.producer.send(say(topic, keysOf(0, 1)))
      await settle(topic)
      expect(first.records).toEqual([])
      const second = await bed.read([topic], { groupId: first.groupId })
      await until(
        'both have their partition',
        () => first.records.length === 1 && second.records.length === 1,
      )
    })

    test('counts its lag down to nothing while it commits, and knows how many members it has', async () => {
      const topic = await bed.topic(2)
      await bed.producer.send(say(topic, ['a-1', 'b-1', 'c-1', 'd-1', 'a-2']))
      const reader = await bed.read([topic])
      await until('all have come', () => reader.records.length === 5)
      const before = await bed.admin.lag(reader.groupId, [topic])
      expect(before.members).toBe(1)
      expect(total(before.partitions)).toBe(5n)
      await reader.commit(positionsAfter(reader.records))
      const after = await bed.admin.lag(reader.groupId, [topic])
      expect(total(after.partitions)).toBe(0n)
      await reader.close()
      expect((await bed.admin.lag(reader.groupId, [topic])).members).toBe(0)
    })

    test('can still commit after it stopped fetching, and is handed nothing more', async () => {
      const topic = await bed.topic(1)
      const reader = await bed.read([topic])
      await bed.producer.send(say(topic, ['a-1']))
      await until('the first has come', () => reader.records.length === 1)
      await reader.stopFetching()
      await bed.producer.send(say(topic, ['a-2']))
      await settle(topic)
      reader.resume([{ topic, partition: 0 }])
      await settle(topic)
      expect(reader.values()).toEqual(['a-1'])
      await reader.commit(positionsAfter(reader.records))
      expect(await committed(reader.groupId, [topic])).toEqual([1n])
      expect((await bed.admin.lag(reader.groupId, [topic])).members).toBe(1)
      await reader.close()
      expect((await bed.admin.lag(reader.groupId, [topic])).members).toBe(0)
    })

    test('starts at the newest record when it is told to', async () => {
      const topic = await bed.topic(1)
      await bed.producer.send(say(topic, ['a-1']))
      const reader = await bed.read([topic], { startFrom: 'latest' })
      // Where "latest" lies is found with the first fetch, not with the join.
      await until('something has come', async () => {
        await bed.producer.send(say(topic, ['a-2']))
        return reader.records.length > 0
      })
      expect(reader.values()).not.toContain('a-1')
    })

    test('refuses topics with different numbers of partitions and names them', async () => {
      const [four, three] = [await bed.topic(4), await bed.topic(3)]
      const refused = bed.read([four, await bed.topic(4), three])
      await expect(refused).rejects.toMatchObject({ name: 'TerminalError', code: 'CHORUS_PARTITIONS_DIFFER' })
      await expect(refused).rejects.toThrow(`${four} has 4`)
      await expect(refused).rejects.toThrow(`${three} has 3`)
    })

    test('refuses a topic that does not exist', async () => {
      await expect(bed.read([`missing.${randomUUID()}`])).rejects.toMatchObject({
        name: 'TerminalError',
        code: 'CHORUS_TOPIC_MISSING',
      })
    })
  })

  describe(`a standalone consumer on ${name}`, () => {
    test('reads every partition of every topic from the earliest record and commits nothing', async () => {
      const topics = [await bed.topic(3), await bed.topic(2)]
      for (const topic of topics) await bed.producer.send(say(topic, ['a', 'b', 'c', 'd', 'e', 'f']))
      const [viewer, other] = await Promise.all(
        [1, 2].map(() => bed.read(topics, { assignment: 'standalone', groupId: 'viewer' })),
      )
      for (const reader of [viewer, other]) {
        expect(reader?.assignments[0]?.partitions).toHaveLength(5)
        await until('all have come', () => reader?.records.length === 12)
        await reader?.commit(positionsAfter(reader.records))
      }
      expect(await committed('viewer', topics)).toEqual([null, null, null, null, null])
    })

    test('sees what comes after its start, and only that, from the latest', async () => {
      const topic = await bed.topic(1)
      await bed.producer.send(say(topic, ['a-1']))
      const viewer = await bed.read([topic], { assignment: 'standalone', startFrom: 'latest' })
      await bed.producer.send(say(topic, ['a-2']))
      await until('the second has come', () => viewer.records.length > 0)
      expect(viewer.values()).toEqual(['a-2'])
    })
  })

  describe(`the admin of ${name}`, () => {
    test('creates what is missing, once, and counts partitions', async () => {
      const there = await bed.topic(2)
      const fresh = `conformance.${randomUUID()}`
      const specs = [
        { name: there, partitions: 2 },
        { name: fresh, partitions: 3, settings: { 'cleanup.policy': 'compact' } },
      ]
      expect(await bed.admin.createTopics(specs)).toEqual([fresh])
      expect(await bed.admin.createTopics(specs)).toEqual([])
      expect(await bed.admin.partitions([there, fresh, 'missing'])).toEqual(
        new Map([
          [there, 2],
          [fresh, 3],
        ]),
      )
      await afterwards([fresh])
    })

    test('refuses another number of partitions and names both', async () => {
      const there = await bed.topic(2)
      const refused = bed.admin.createTopics([{ name: there, partitions: 5 }])
      await expect(refused).rejects.toMatchObject({ name: 'TerminalError' })
      await expect(refused).rejects.toThrow(`${there} has 2 partitions, but 5`)
    })
  })

  /** Committed offsets by partition number. */
  async function committed(groupId: string, topics: readonly string[]): Promise<readonly (bigint | null)[]> {
    const { partitions } = await bed.admin.lag(groupId, topics)
    return partitions.toSorted((a, b) => a.partition - b.partition).map((at) => at.committed)
  }

  /** Resolves when a consumer that began now has read all of the topic: so had any other one, unless it may not. */
  async function settle(topic: string): Promise<void> {
    const { partitions } = await bed.admin.lag('nobody', [topic])
    const viewer = await bed.read([topic], { assignment: 'standalone' })
    await until('a viewer has all', () => BigInt(viewer.records.length) === total(partitions))
    await viewer.close()
  }
}

function byKey(values: readonly string[]): Readonly<Record<string, string[] | undefined>> {
  return Object.groupBy(values, (value) => value.split('-', 1)[0] ?? value)
}

function byPartition(records: readonly BrokerRecord[]): ReadonlyMap<number, BrokerRecord[]> {
  return Map.groupBy(records, ({ partition }) => partition)
}

/** For each partition of two, a key that lies in it. */
function keysOf(...partitions: readonly number[]): readonly string[] {
  const keys = Array.from({ length: 20 }, (_, i) => `k${i}`)
  return partitions.map((partition) => keys.find((key) => partitionOf(key, 2) === partition) ?? '')
}

function numbersIn(topic: string | undefined, partitions: readonly TopicPartition[]): readonly number[] {
  return partitions.filter((at) => at.topic === topic).map(({ partition }) => partition)
}

/** The records of a partition come in offset order, so the last one of each counts. */
function positionsAfter(records: readonly BrokerRecord[]): readonly Position[] {
  const positions = new Map(
    records.map(({ topic, partition, offset }) => [
      `${topic}/${partition}`,
      { topic, partition, offset: offset + 1n },
    ]),
  )
  return [...positions.values()]
}

function total(partitions: readonly PartitionLag[]): bigint {
  return partitions.reduce((sum, { lag }) => sum + lag, 0n)
}
