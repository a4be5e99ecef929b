import { expect, test } from '@jest/globals'
import type { Broker, BrokerRecord, PartitionLag } from '#messaging'
import { fails, silent } from '../faults.fixtures.ts'
import { manualClock, quiet, until } from '../manual-clock.fixtures.ts'
import type { MarkStore } from './mark.ts'
import { type Marks, marks, type TakeOver } from './marks.ts'
import { memoryMarks } from './memory-marks.ts'

const record = (offset: bigint): BrokerRecord => ({
  topic: 't',
  partition: 0,
  offset,
  key: 'k',
  value: null,
  headers: {},
  timestamp: 0,
})

/** A partition of one topic, its marks, and owners that come and go. */
function place() {
  const clock = manualClock()
  const store = memoryMarks()
  const lag: { committed: bigint; end: bigint } = { committed: 5n, end: 9n }

  const broker: Pick<Broker, 'admin'> = {
    admin: async () => ({
      createTopics: async () => [],
      partitions: async () => new Map(),
      retention: async () => new Map(),
      lag: async (groupId) => {
        const partition: PartitionLag = { topic: 't', partition: 0, ...lag, lag: lag.end - lag.committed }
        return { groupId, members: 1, partitions: [partition] }
      },
      close: async () => {},
    }),
  }

  const owner = (through: MarkStore = store): Marks =>
    marks({ store: through, broker, group: { name: 'g', topics: ['t'] }, clock, log: silent })

  /** With the clock running. */
  async function settle(owner: Marks, partitions: readonly number[] = [0]): Promise<TakeOver | undefined> {
    let answer: { takeOver: TakeOver | undefined } | undefined
    void owner
      .settle(partitions, () => true)
      .then((takeOver) => {
        answer = { takeOver }
      })
    await until(clock, 'it has settled', () => answer !== undefined)
    return answer?.takeOver
  }

  return { clock, store, lag, owner, settle }
}

const suspects = [{ topic: 't', partition: 0, until: 9n }]
const clean = { suspects: [], doubtful: [] }
const doubtful = { suspects: [], doubtful: [0] }

test('a partition that was given back raises no question', async () => {
  const { owner, settle } = place()
  const first = owner()
  expect(await settle(first)).toEqual(clean)
  await settle(first, [])
  const second = owner()
  expect(await settle(second)).toEqual(clean)
  await second.giveBack()
  expect(await settle(owner())).toEqual(clean)
})

test('one owner that vanishes is no loop; two in a row are one, when nothing was committed between them', async () => {
  const { owner, settle } = place()
  await settle(owner())
  expect(await settle(owner())).toEqual(doubtful)
  expect(await settle(owner())).toEqual({ suspects, doubtful: [0] })
})

test('with commits between them it is none', async () => {
  const { owner, settle, lag } = place()
  for (const committed of [5n, 6n, 7n, 8n]) {
    lag.committed = committed
    expect((await settle(owner()))?.suspects).toEqual([])
  }
})

test('nor when nothing waits', async () => {
  const { owner, settle, lag } = place()
  lag.end = lag.committed
  for (let life = 0; life < 4; life++) expect((await settle(owner()))?.suspects).toEqual([])
})

test('an owner that has lived for long is forgiven those before it', async () => {
  const { owner, settle } = place()
  await settle(owner())
  const longLived = owner()
  await settle(longLived)
  await longLived.acquit([0])
  expect(await settle(owner())).toEqual(doubtful)
})

test('an owner that lives and lost its partition is waited for, however often that happens', async () => {
  const { owner, settle, clock } = place()
  let before = owner()
  await settle(before)
  for (let turn = 0; turn < 6; turn++) {
    const loser = before
    // It hears of its loss a second after its successor.
    clock.schedule(1_000, () => void loser.settle([], () => true))
    before = owner()
    expect((await settle(before))?.suspects).toEqual([])
    await quiet(clock, 60)
  }
})

test('a record is known by the owners that died at it, and only the living are taken off', async () => {
  const { owner, settle } = place()
  const first = owner()
  await settle(first)
  expect(await first.begin(record(6n))).toBe(0)
  const second = owner()
  expect((await settle(second))?.suspects).toEqual(suspects)
  expect(await second.begin(record(5n))).toBe(0)
  await second.end(record(5n), true)
  expect(await second.begin(record(6n))).toBe(1)
  const third = owner()
  await settle(third)
  expect(await third.begin(record(6n))).toBe(2)
  // The second was only paused: it finds its partition lost.
  await settle(second, [])
  expect(await third.begin(record(6n))).toBe(1)
  await third.end(record(6n), false)
  expect(await third.begin(record(6n))).toBe(1)
  await third.end(record(6n), true)
  expect(await third.begin(record(6n))).toBe(0)
})

test('a record that was committed after all makes nobody suspicious', async () => {
  const { owner, settle, lag } = place()
  const first = owner()
  await settle(first)
  await first.begin(record(6n))
  lag.committed = 7n
  expect(await settle(owner())).toEqual(doubtful)
})

test('an orderly end in the middle leaves the deaths of others standing', async () => {
  const { owner, settle } = place()
  const first = owner()
  await settle(first)
  await first.begin(record(6n))
  const second = owner()
  await settle(second)
  await second.begin(record(6n))
  await second.giveBack()
  const third = owner()
  expect((await settle(third))?.suspects).toEqual(suspects)
  expect(await third.begin(record(6n))).toBe(1)
})

test('a store that is away is waited for; a newer assignment ends the waiting', async () => {
  const { owner, settle, store, clock } = place()
  const away = fails(5)
  const restless: MarkStore = {
    read: async (partitions) => {
      await away(partitions)
      return store.read(partitions)
    },
    write: store.write,
  }
  expect(await settle(owner(restless))).toEqual(clean)
  const gone = owner({ read: () => Promise.reject(new Error('away')), write: store.write })
  let current = true
  let settled = false
  void gone
    .settle([0], () => current)
    .then(() => {
      settled = true
    })
  await quiet(clock, 50)
  expect(settled).toBe(false)
  current = false
  await until(clock, 'it gives up', () => settled)
})
