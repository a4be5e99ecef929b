import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { customers } from '../load/customers.ts'
import type { Endings } from '../load/endings.ts'
import type { Entry } from '../load/entry.ts'
import { queueUp, rateOf, soMany, unlessStalled } from './queue.ts'

const never = new AbortController().signal

/** Customers whose orders end when they are told to. */
function crowd() {
  const tell: ((at: number) => void)[] = []
  let placed = 0
  const entry: Entry = { place: async () => `order-${++placed}`, close: async () => {} }
  const endings: Endings = {
    of: () => new Promise((resolve) => tell.push(resolve)),
    open: () => tell.length,
    close: async () => {},
  }
  const end = (count: number, at: number) => tell.splice(0, count).forEach((ends) => void ends(at))
  return { queue: customers(entry, endings), end }
}

test('a queue has as many orders as were asked for, and waits for none of them', async () => {
  const { queue, end } = crowd()
  const endings = await queueUp(queue, 2_500, never)
  expect([endings.length, queue.orders.length]).toEqual([2_500, 2_500])
  expect(queue.orders.filter(({ endedAt }) => endedAt !== null)).toEqual([])
  end(2_500, 42)
  await Promise.all(endings)
  expect(new Set(queue.orders.map(({ endedAt }) => endedAt))).toEqual(new Set([42]))
})

test('an interrupted run places no more', async () => {
  const { queue } = crowd()
  const signal = AbortSignal.abort(new Error('payment has ended'))
  await expect(queueUp(queue, 10, signal)).rejects.toThrow('payment has ended')
  expect(queue.orders).toEqual([])
})

test('half time is when half of the orders have ended, whichever', async () => {
  const { queue, end } = crowd()
  const endings = await queueUp(queue, 5, never)
  let isHalf = false
  const half = soMany(5 / 2, endings).then(() => {
    isHalf = true
  })
  end(2, 1)
  await Promise.all(endings.slice(0, 2))
  expect(isHalf).toBe(false)
  end(1, 2)
  await half
})

test('a queue that stands still is given up, one that moves slowly is not', async () => {
  const { queue, end } = crowd()
  const endings = await queueUp(queue, 4, never)
  const waiting = unlessStalled(Promise.all(endings), { endings, signal: never, stallMs: 300 })
  const given = expect(waiting).rejects.toThrow('3 of 4 orders have ended, and none for 0.3 s')
  for (let i = 0; i < 3; i++) {
    await sleep(150)
    end(1, i)
  }
  await given
})

test('who waits for a queue hears that a service has died', async () => {
  const dead = new AbortController()
  const waiting = unlessStalled(new Promise(() => {}), { endings: [], signal: dead.signal })
  dead.abort(new Error('payment has ended'))
  await expect(waiting).rejects.toThrow('payment has ended')
})

test('the rate is of the orders that ended after the first one', () => {
  expect(rateOf([9_000, 5_000, 7_000, 6_000, 8_000])).toEqual({ seconds: 4, ordersPerSecond: 1 })
})
