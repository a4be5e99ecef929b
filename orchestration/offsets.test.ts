import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { BrokerRecord } from '#messaging'
import { offsets } from './offsets.ts'

const record = (offset: number, partition = 0): BrokerRecord => ({
  topic: 't',
  partition,
  offset: BigInt(offset),
  key: 'k',
  value: null,
  headers: {},
  timestamp: 0,
})

test('only the contiguous prefix of finished records is committable, whatever order they finish in', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.infiniteStream(fc.nat()), (count, random) => {
      const tracked = offsets()
      const open = Array.from({ length: count }, (_, i) => ({ offset: i, finish: tracked.track(record(i)) }))
      while (open.length > 0) {
        const [done] = open.splice((random.next().value ?? 0) % open.length, 1)
        done?.finish()
        const { positions, acknowledge } = tracked.committable()
        acknowledge()
        const lowest = Math.min(count, ...open.map(({ offset }) => offset))
        for (const { offset } of positions) expect(offset).toBe(BigInt(lowest))
        if (done && done.offset === lowest - 1) expect(positions).toHaveLength(1)
      }
      expect(tracked.committable().positions).toEqual([])
    }),
    { numRuns: 100 },
  )
})

test('partitions do not wait for each other, and offsets may have gaps', () => {
  const tracked = offsets()
  tracked.track(record(5, 0))
  const finish = tracked.track(record(7, 1))
  const next = tracked.track(record(90, 1))
  finish()
  next()
  expect(tracked.committable().positions).toEqual([{ topic: 't', partition: 1, offset: 91n }])
})

test('a position stays committable until its commit is acknowledged', () => {
  const tracked = offsets()
  tracked.track(record(0))()
  const lost = tracked.committable()
  const [again] = tracked.committable().positions
  expect(again).toEqual({ topic: 't', partition: 0, offset: 1n })
  tracked.track(record(1))()
  lost.acknowledge()
  expect(tracked.committable().positions).toEqual([{ topic: 't', partition: 0, offset: 2n }])
})

test('what was tracked before an assignment is void: neither its end nor its acknowledgement counts after', () => {
  const tracked = offsets()
  const old = tracked.track(record(5))
  tracked.track(record(3))
  const before = tracked.committable()
  tracked.reset()
  const again = tracked.track(record(2))
  old()
  before.acknowledge()
  expect(tracked.committable().positions).toEqual([])
  again()
  expect(tracked.committable().positions).toEqual([{ topic: 't', partition: 0, offset: 3n }])
})
