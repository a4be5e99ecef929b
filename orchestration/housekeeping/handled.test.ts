import { expect, test } from '@jest/globals'
import { memoryBroker } from '#messaging'
import { manualClock } from '../manual-clock.fixtures.ts'
import { handledSince } from './handled.ts'

/** A group that reads two topics of two partitions, of which it commits what the test says. */
async function group() {
  const broker = memoryBroker()
  const admin = await broker.admin()
  const topics = ['a', 'b']
  await admin.createTopics(topics.map((name) => ({ name, partitions: 2 })))
  const producer = await broker.producer()
  const consumer = await broker.consume({
    groupId: 'readers',
    topics,
    assignment: 'co-partitioned',
    handler: { onRecords: () => {} },
  })
  const clock = manualClock(0)
  const ask = handledSince({ broker, groupId: 'readers', topics, clock })
  return {
    say: (topic: string, key: string) => producer.send([{ topic, key, value: null, headers: {} }]),
    commit: (topic: string, partition: number, offset: bigint) =>
      consumer.commit([{ topic, partition, offset }]),
    /** A second later. */
    async look() {
      clock.advance(1_000)
      const { asOf, partitions } = await ask()
      return { asOf, partitions: [...partitions].sort() }
    },
  }
}

/** Keys of the partitions 0 and 1. */
const [zero, one] = ['a', 'd']

test('nothing is known at the first look, and everything at the second when there is nothing to read', async () => {
  const { look } = await group()
  expect(await look()).toEqual({ asOf: 0, partitions: [] })
  expect(await look()).toEqual({ asOf: 1_000, partitions: [0, 1] })
})

test('a partition counts as read when all of its topics are, up to where they ended at the look before', async () => {
  const { say, commit, look } = await group()
  await say('a', zero)
  await say('b', zero)
  await say('b', one)
  await look()
  await commit('a', 0, 1n)
  expect(await look()).toEqual({ asOf: 1_000, partitions: [] })
  await commit('b', 0, 1n)
  await say('b', zero)
  expect(await look()).toEqual({ asOf: 2_000, partitions: [0] })
  await commit('b', 1, 1n)
  expect(await look()).toEqual({ asOf: 3_000, partitions: [1] })
})
