import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { closedLoop, dueAt, openLoop } from './loops.ts'

test('a closed loop keeps as many orders in flight as it is told, and never more', async () => {
  let open = 0
  let most = 0
  let bought = 0
  async function buy(): Promise<void> {
    most = Math.max(most, ++open)
    await sleep(1)
    open--
    bought++
  }
  await closedLoop(5, buy, () => bought >= 50)
  expect(most).toBe(5)
  expect(open).toBe(0)
})

test('orders of an open loop belong to the moments they were meant for, however long everything stood still', async () => {
  const intended: number[] = []
  const began = performance.now()
  let stalled = false
  async function buy(at: number): Promise<void> {
    intended.push(at)
    if (stalled) return
    stalled = true
    for (const end = performance.now() + 60; performance.now() < end; );
  }
  await openLoop(1_000, buy, () => performance.now() > began + 100)
  expect(intended.length).toBeGreaterThanOrEqual(60)
  const first = intended[0] ?? 0
  expect(intended).toEqual(intended.map((_, index) => dueAt(first, 1_000, index)))
})

test('an open loop does not wait for its orders, but does not end before them', async () => {
  const began = performance.now()
  let ended = 0
  let placed = 0
  async function buy(): Promise<void> {
    placed++
    await sleep(40)
    ended++
  }
  await openLoop(500, buy, () => performance.now() > began + 20)
  expect(placed).toBeGreaterThan(1)
  expect(ended).toBe(placed)
})
