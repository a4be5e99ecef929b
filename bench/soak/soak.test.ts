import { expect, test } from '@jest/globals'
import type { Order } from '../load/customers.ts'
import type { Snapshot } from '../snapshot.ts'
import { delivered } from '../workload.ts'
import { growthOf } from './growth.ts'
import { memoryOf, tenthsOf } from './soak.ts'

test('growth is that of the line which comes closest to all points', () => {
  const points = [0, 10, 20, 30].map((at, index) => ({ at, value: 100 + at + (index % 2 === 0 ? 2 : -2) }))
  const { from, to, growth } = growthOf(points, 0, 30)
  expect(from).toBeCloseTo(101.2)
  expect(to).toBeCloseTo(128.8)
  expect(growth).toBeCloseTo(27.6 / 101.2)
})

test('what comes and goes does not grow, nor does what was seen once', () => {
  const sawtooth = [1, 2, 1, 2, 1].map((value, at) => ({ at, value }))
  expect(growthOf(sawtooth, 0, 4).growth).toBeCloseTo(0)
  expect(growthOf([{ at: 3, value: 7 }], 0, 9)).toEqual({ from: 7, to: 7, growth: 0 })
})

test('memory counts from minute 10 of an hour to its end: what is gained before is warmth', () => {
  const minute = 60_000
  const at = (minutes: number, rss: number): Snapshot => ({
    at: minutes * minute,
    monotonic: 0,
    usages: [
      { cpuMs: 0, rss: 1 },
      { cpuMs: 0, rss },
    ],
    busyMs: 0,
  })
  const samples = [at(0, 10), at(9.9, 50), at(10, 200), at(35, 210), at(60, 220), at(61, 900)]
  const { from, to, growth } = memoryOf(samples, 1, { from: 0, to: 60 * minute })
  expect([from, to, growth]).toEqual([200, 220, 0.1])
})

test('the first and the last tenth are of the orders that were to be placed in them', () => {
  const orders = Array.from(
    { length: 120 },
    (_, i): Order => ({
      ...{ orderId: `order-${i}`, way: delivered, amount: 1, acceptedAt: 0 },
      ...{ intendedAt: i * 10, endedAt: i * 10 + i },
    }),
  )
  const { firstTenth, lastTenth } = tenthsOf(orders, { from: 100, to: 1_100 })
  expect(firstTenth).toMatchObject({ count: 10, max: 19 })
  expect(lastTenth).toMatchObject({ count: 10, p50: 104, max: 109 })
})
