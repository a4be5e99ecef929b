import { describe, expect, test } from '@jest/globals'
import type { BrokerRecord, Consumer, Position } from '#messaging'
import { type Fault, fails, silent } from './faults.fixtures.ts'
import { intake } from './intake.ts'
import { manualClock, quiet, turn } from './manual-clock.fixtures.ts'

const clock = manualClock()
const partition = { topic: 't', partition: 0 }

const records = (from: number, count: number, headers = {}): BrokerRecord[] =>
  Array.from({ length: count }, (_, i) => ({
    ...partition,
    offset: BigInt(from + i),
    key: 'k',
    value: null,
    headers,
    timestamp: 0,
  }))

/** An intake whose records the test finishes, and a consumer that notes what it is told. */
function reception(onCommit: Fault = () => {}) {
  const done: (() => void)[] = []
  const told: string[] = []
  const commits: (readonly Position[])[] = []
  const consumer: Consumer = {
    async commit(positions) {
      await onCommit(positions)
      commits.push(positions)
    },
    pause: (partitions) => void told.push(`pause ${partitions.length}`),
    resume: (partitions) => void told.push(`resume ${partitions.length}`),
    stopFetching: async () => {},
    close: async () => {},
  }
  const room = intake({
    clock,
    log: silent,
    skips: ({ headers }) => headers.skip !== undefined,
    onRecord: (_, finish) => done.push(finish),
  })
  return { room, consumer, done, told, commits, offsets: () => commits.flat().map(({ offset }) => offset) }
}

describe('what is in flight is bounded:', () => {
  test('fetching pauses at 4,000 records and goes on at 2,000', () => {
    const { room, consumer, done, told } = reception()
    room.attach(consumer)
    room.onAssigned([partition])
    room.onRecords(records(0, 3_999))
    expect(told).toEqual([])
    room.onRecords(records(3_999, 500))
    expect(told).toEqual(['pause 1'])
    for (const finish of done.splice(0, 2_498)) finish()
    expect(told).toEqual(['pause 1'])
    done.shift()?.()
    expect(told).toEqual(['pause 1', 'resume 1'])
  })

  test('partitions that are assigned meanwhile are paused as well', () => {
    const { room, consumer, told } = reception()
    room.attach(consumer)
    room.onAssigned([partition])
    room.onRecords(records(0, 4_000))
    room.onAssigned([partition, { topic: 't', partition: 1 }])
    expect(told).toEqual(['pause 1', 'pause 2'])
  })

  test('also when the records came before the consumer was attached', () => {
    const { room, consumer, told } = reception()
    room.onAssigned([partition])
    room.onRecords(records(0, 4_000))
    room.attach(consumer)
    expect(told).toEqual(['pause 1'])
  })
})

describe('while only some partitions are wanted', () => {
  const both = [0, 1].map((number) => ({ topic: 't', partition: number }))
  const inSecond = (from: number, count: number) =>
    records(from, count).map((record) => ({ ...record, partition: 1 }))

  test('the others are paused, and what they have in flight keeps nobody from being fetched', () => {
    const { room, consumer, done, told } = reception()
    room.attach(consumer)
    room.onAssigned(both)
    room.onRecords(records(0, 4_000))
    expect(told.splice(0)).toEqual(['pause 2'])
    room.focus([1])
    expect(told.splice(0)).toEqual(['resume 1', 'pause 1'])
    room.onRecords(inSecond(0, 3_999))
    expect(told).toEqual([])
    room.onRecords(inSecond(3_999, 1))
    expect(told.splice(0)).toEqual(['pause 1'])
    for (const finish of done.splice(0)) finish()
    expect(told.splice(0)).toEqual(['resume 1'])
    room.focus(null)
    expect(told).toEqual(['resume 2'])
  })

  test('they are paused as soon as there is somebody to pause them, and wanted again by an assignment', () => {
    const { room, consumer, told } = reception()
    room.onAssigned(both)
    room.focus([1])
    room.attach(consumer)
    expect(told.splice(0)).toEqual(['pause 1'])
    room.onAssigned([partition])
    room.onRecords(records(0, 4_000))
    expect(told).toEqual(['pause 1'])
  })
})

describe('offsets', () => {
  test('of records that were finished before the consumer was attached are committed then', async () => {
    const { room, consumer, done, offsets } = reception()
    room.onAssigned([partition])
    room.onRecords(records(0, 2))
    for (const finish of done) finish()
    await turn()
    room.attach(consumer)
    await room.idle()
    expect(offsets()).toEqual([2n])
  })

  test('of records that nobody listens to are committed unread', async () => {
    const { room, consumer, done, offsets } = reception()
    room.attach(consumer)
    room.onAssigned([partition])
    room.onRecords(records(0, 3, { skip: 'yes' }))
    await room.idle()
    expect(done).toEqual([])
    expect(offsets()).toEqual([3n])
  })

  test('are committed again after a failure, though nothing else is finished', async () => {
    const { room, consumer, done, offsets } = reception(fails(2))
    room.attach(consumer)
    room.onAssigned([partition])
    room.onRecords(records(0, 1))
    done[0]?.()
    await quiet(clock, 20)
    expect(offsets()).toEqual([1n])
  })

  test('of records from before a rebalance are not committed after it', async () => {
    const { room, consumer, done, commits } = reception()
    room.attach(consumer)
    room.onAssigned([partition])
    room.onRecords(records(0, 2))
    room.onAssigned([partition])
    room.onRecords(records(0, 1))
    done[0]?.()
    done[1]?.()
    await room.idle()
    expect(commits).toEqual([])
    done[2]?.()
    await room.idle()
    expect(commits).toEqual([[{ ...partition, offset: 1n }]])
  })
})

test('the partitions owned are numbers, each once, whatever the topics', () => {
  const { room } = reception()
  const topics = ['a', 'b'].flatMap((topic) => [1, 4].map((number) => ({ topic, partition: number })))
  room.onAssigned(topics)
  expect(room.owned()).toEqual([1, 4])
})
