import { describe, expect, test } from '@jest/globals'
import type { BrokerRecord, Consumer } from '#messaging'
import type { faultKinds } from './faults.ts'
import { type SimulatedProcess, simulatedProcess } from './process.ts'
import { simulatedBroker } from './simulated-broker.ts'
import { openWorld, type World } from './world.ts'

const topic = 'talk'
const second = 1_000
/** Longer than any session. */
const long = 20 * second

type Member = {
  readonly process: SimulatedProcess
  /** What it was told it owns, each time, and what it was handed. */
  readonly told: string[]
  readonly owned: () => readonly number[]
  readonly consumer: Consumer
}

async function openTalk(strikes: readonly (keyof typeof faultKinds)[] = []): Promise<World> {
  const world = await openWorld({ seed: 1, topics: [{ name: topic, partitions: 2 }] })
  return { ...world, faults: { ...world.faults, strikes: (kind) => strikes.includes(kind) } }
}

async function passes({ scheduler }: World, ms: number): Promise<void> {
  await scheduler.run(() => false, ms)
}

async function join(world: World, name: string): Promise<Member> {
  const process = simulatedProcess(world, 'group', name)
  const told: string[] = []
  let owned: readonly number[] = []
  const consuming = simulatedBroker(world, process, world.broker).consume({
    groupId: 'group',
    topics: [topic],
    assignment: 'co-partitioned',
    handler: {
      onAssigned(partitions) {
        owned = partitions.map(({ partition }) => partition)
        told.push(`owns ${owned.join()}`)
      },
      onRecords: (records: readonly BrokerRecord[]) =>
        void told.push(...records.map(({ partition, offset }) => `${partition}/${offset}`)),
    },
  })
  let consumer: Consumer | undefined
  void consuming.then((joined) => {
    consumer = joined
  })
  await world.scheduler.run(() => consumer !== undefined, second)
  return { process, told, owned: () => owned, consumer: consumer as Consumer }
}

/** Records for both partitions; gives them `ms` to be read. */
async function say(world: World, ms = second): Promise<void> {
  const producer = await world.broker.producer()
  const keys = ['a', 'b', 'c', 'd', 'e', 'f']
  const sent = producer.send(keys.map((key) => ({ topic, key, value: null, headers: {} })))
  await passes(world, ms)
  await sent
}

describe('a member that dies', () => {
  test('keeps its partitions until its session ends, and then the others have them', async () => {
    const world = await openTalk()
    const [one, other] = [await join(world, 'one'), await join(world, 'other')]
    await passes(world, second)
    expect([one.owned().length, other.owned().length]).toEqual([1, 1])
    one.process.kill()
    await passes(world, 500)
    expect(other.owned()).toHaveLength(1)
    await passes(world, long)
    expect(other.owned()).toEqual([0, 1])
  })

  test('is handed nothing any more', async () => {
    const world = await openTalk()
    const one = await join(world, 'one')
    one.process.kill()
    await say(world)
    expect(one.told).toEqual(['owns 0,1'])
  })
})

describe('a member that stands still for longer than its session', () => {
  test('loses its partitions, believes in them when it goes on, and then joins again', async () => {
    const world = await openTalk()
    const [one, other] = [await join(world, 'one'), await join(world, 'other')]
    await passes(world, second)
    const before = one.owned()
    one.process.stall(long)
    await passes(world, long)
    expect(other.owned()).toEqual([0, 1])
    expect(one.owned()).toEqual(before)
    await passes(world, 5 * second)
    expect([one.owned().length, other.owned().length]).toEqual([1, 1])
  })

  test('cannot commit for those who have them now', async () => {
    const world = await openTalk()
    const [one, other] = [await join(world, 'one'), await join(world, 'other')]
    await say(world)
    const [partition] = one.owned() as [number]
    one.process.stall(long)
    await passes(world, long)
    void one.consumer.commit([{ topic, partition, offset: 1n }])
    await passes(world, 100)
    const admin = await world.broker.admin()
    const { partitions } = await admin.lag('group', [topic])
    expect(partitions.map(({ committed }) => committed)).toEqual([null, null])
    expect(other.owned()).toEqual([0, 1])
  })
})

test('nothing comes between a rebalance and its notice, however late that is', async () => {
  const world = await openTalk(['late notice'])
  const one = await join(world, 'one')
  await join(world, 'other')
  await say(world, 50)
  expect(one.told).toEqual(['owns 0,1'])
  await passes(world, long)
  const [first, notice, ...rest] = one.told
  expect(first).toBe('owns 0,1')
  expect(notice).toMatch(/^owns [01]$/)
  expect(rest.length).toBeGreaterThan(0)
  expect(rest.every((record) => record.startsWith(`${one.owned()[0]}/`))).toBe(true)
})

test('records keep their order in a partition, and partitions overtake each other', async () => {
  const world = await openTalk(['late delivery'])
  const one = await join(world, 'one')
  for (let i = 0; i < 5; i++) await say(world)
  await passes(world, long)
  const records = one.told.slice(1)
  expect(records).toHaveLength(30)
  for (const partition of [0, 1]) {
    const offsets = records.filter((at) => at.startsWith(`${partition}/`)).map((at) => Number(at.slice(2)))
    expect(offsets).toEqual(offsets.map((_, i) => i))
  }
  expect(records).not.toEqual(records.toSorted((a, b) => Number(a.slice(2)) - Number(b.slice(2))))
})

test('a commit that was on its way while its member lost the partition counts no more', async () => {
  const world = await openTalk()
  const one = await join(world, 'one')
  await say(world)
  void one.consumer.commit([{ topic, partition: 0, offset: 1n }])
  one.process.stall(long)
  const committing = world.broker.consume({
    groupId: 'group',
    topics: [topic],
    assignment: 'co-partitioned',
    handler: { onRecords() {} },
  })
  await passes(world, 50)
  const admin = await world.broker.admin()
  const { partitions } = await admin.lag('group', [topic])
  expect(partitions.map(({ committed }) => committed)).toEqual([null, null])
  await (await committing).close()
})
