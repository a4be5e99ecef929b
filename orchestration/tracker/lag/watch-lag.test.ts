import { beforeEach, expect, test } from '@jest/globals'
import { type Broker, memoryBroker, type Producer, partitionOf } from '#messaging'
import { type ManualClock, manualClock } from '../../manual-clock.fixtures.ts'
import { type LagWatch, lagWatch, secondsBehind } from './watch-lag.ts'

const groups = [{ group: 'kitchen', topics: ['orders', 'nowhere'] }]
const key = 'm1'
const its = partitionOf(key, 2)

let broker: Broker
let clock: ManualClock
let producer: Producer
let isAway: boolean
let watch: LagWatch

beforeEach(async () => {
  broker = memoryBroker()
  clock = manualClock()
  const admin = await broker.admin()
  await admin.createTopics([{ name: 'orders', partitions: 2 }])
  producer = await broker.producer()
  isAway = false
  const lag: typeof admin.lag = async (...asked) => {
    if (isAway) throw new Error('the broker is away')
    return await admin.lag(...asked)
  }
  watch = lagWatch({ admin: async () => ({ ...admin, lag }) }, clock)
})

test('a look tells members, positions, and since when the oldest unread record is there', async () => {
  expect(watch.now()).toEqual({ at: null, error: null, groups: [] })
  await watch.look(groups)
  await send()
  clock.advance(5_000)
  await watch.look(groups)
  clock.advance(5_000)
  await send()
  const { groups: readings, at } = await watch.look(groups)
  expect(at).toBe(clock.now())
  const [kitchen] = readings
  expect(kitchen).toMatchObject({ group: 'kitchen', members: 0 })
  const partition = kitchen?.partitions.find((it) => it.partition === its)
  const oldest = { after: clock.now() - 10_000, by: clock.now() - 5_000 }
  expect(partition).toMatchObject({ topic: 'orders', committed: null, end: 2n, lag: 2n, oldest })
  expect(partition && secondsBehind(partition, clock.now())).toBe(5)
  expect(kitchen?.partitions.find((it) => it.partition !== its)).toMatchObject({ lag: 0n, oldest: null })
})

test('what is committed is not waited for, and the next record is as old as it is', async () => {
  await watch.look(groups)
  await send()
  clock.advance(5_000)
  await watch.look(groups)
  const consumer = await broker.consume({
    ...{ groupId: 'kitchen', topics: ['orders'], assignment: 'co-partitioned', handler: { onRecords() {} } },
  })
  await consumer.commit([{ topic: 'orders', partition: its, offset: 1n }])
  clock.advance(5_000)
  await send()
  const { groups: readings } = await watch.look(groups)
  expect(readings[0]?.members).toBe(1)
  expect(readings[0]?.partitions.find(({ lag }) => lag > 0n)?.oldest).toEqual({
    after: clock.now() - 5_000,
    by: clock.now(),
  })
  await consumer.close()
})

test('while the broker is away the last good answer stays, and says so', async () => {
  await send()
  const good = await watch.look(groups)
  isAway = true
  clock.advance(5_000)
  expect(await watch.look(groups)).toEqual({ ...good, error: 'the broker is away' })
  isAway = false
  expect(await watch.look(groups)).toMatchObject({ error: null, at: clock.now() })
})

test('the history has a point per look, for an hour', async () => {
  for (let look = 0; look < 8; look++) {
    await watch.look(groups)
    clock.advance(600_000)
  }
  const { groups: readings } = await watch.look([...groups, { group: 'cellar', topics: ['orders'] }])
  expect(readings[0]?.history).toHaveLength(6)
  expect(readings[0]?.history[0]).toEqual({ at: clock.now() - 3_000_000, lag: 0, seconds: null })
  expect(readings[1]?.history).toHaveLength(1)
  expect((await watch.look([])).groups).toEqual([])
})

function send(): Promise<void> {
  return producer.send([{ topic: 'orders', key, value: Buffer.from('x'), headers: {} }])
}
