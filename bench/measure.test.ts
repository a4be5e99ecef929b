import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { customers } from './load/customers.ts'
import type { Endings } from './load/endings.ts'
import type { Entry } from './load/entry.ts'
import { belowMaximum, inFlight } from './loads.ts'
import { measure } from './measure.ts'
import { refused } from './workload.ts'

const watched = [{ name: 'order', pid: process.pid, isCost: true }]
const usual = { watched, seconds: 1, rampMs: 100, signal: new AbortController().signal }

/** A shop that takes so many milliseconds for an order. */
function shop(ms: number, entry: Partial<Entry> = {}) {
  let placed = 0
  const accepting: Entry = { place: async () => `order-${++placed}`, close: async () => {}, ...entry }
  const endings: Endings = {
    async of() {
      await sleep(ms)
      return performance.now()
    },
    open: () => 0,
    close: async () => {},
  }
  return customers(accepting, endings)
}

test('a closed loop does what its latency allows, and each tenth order goes the other way', async () => {
  const crowd = shop(20)
  const load = inFlight(4)
  const found = await measure(load, { customers: crowd, ...usual })
  expect(found.name).toBe('4 in flight')
  expect(found.latencies.p50).toBeGreaterThanOrEqual(19)
  expect(found.ordersPerSecond).toBeLessThan(4 * 55)
  expect(found.ordersPerSecond).toBeCloseTo(found.orders / found.seconds)
  expect(found.cpuMsPerOrder).toBe(found.processes[0]?.cpuMsPerOrder)
  expect(crowd.orders.every(({ endedAt }) => endedAt !== null)).toBe(true)
  const others = crowd.orders.filter(({ way }) => way === refused)
  expect(others.length).toBe(Math.floor(crowd.orders.length / 10))
})

test('the constant rate is 70 % of the most that was measured', async () => {
  const found = await measure(inFlight(2), { customers: shop(20), ...usual })
  const best = { ...found, ordersPerSecond: 100 }
  const steady = belowMaximum([{ ...found, ordersPerSecond: 60 }, best])
  expect(steady.name).toBe('70/s, 70 % of the most')
  const told = await measure(steady, { customers: shop(5), ...usual })
  expect(told.latencies.count).toBeGreaterThanOrEqual(68)
  expect(told.latencies.count).toBeLessThanOrEqual(72)
})

test('who is turned away is counted, stays away for a moment, and comes again', async () => {
  let asked = 0
  const crowd = shop(1, { place: async () => (++asked % 2 === 0 ? `order-${asked}` : undefined) })
  const found = await measure(inFlight(3), { customers: crowd, ...usual })
  expect(found.refusals).toBeGreaterThan(10)
  expect(found.orders).toBeGreaterThan(10)
  expect(found.refusals).toBeLessThan(40)
})

test('a shop that turns everybody away has not been measured', async () => {
  const crowd = shop(1, { place: async () => undefined })
  await expect(measure(inFlight(3), { customers: crowd, ...usual })).rejects.toThrow('no order has ended')
})

test('an answer that nobody expects ends the measurement', async () => {
  const crowd = shop(1, { place: () => Promise.reject(new Error('POST /orders answers 500')) })
  const measuring = measure(inFlight(1), { customers: crowd, ...usual })
  await expect(measuring).rejects.toThrow('answers 500')
})

test('a service that dies ends it with the reason', async () => {
  const dead = new AbortController()
  const measuring = measure(inFlight(1), { customers: shop(1), ...usual, signal: dead.signal })
  dead.abort(new Error('payment has ended'))
  await expect(measuring).rejects.toThrow('payment has ended')
})
