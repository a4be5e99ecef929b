import { describe, expect, test } from '@jest/globals'
import { createScheduler, type Scheduler } from './scheduler.ts'

const minute = 60_000

async function passes(scheduler: Scheduler, ms = minute): Promise<void> {
  await scheduler.run(() => false, ms)
}

describe('the scheduler', () => {
  test('runs what is due earlier first, and what was scheduled first among those of one millisecond', async () => {
    const scheduler = createScheduler()
    const ran: string[] = []
    for (const [ms, name] of [
      [20, 'c'],
      [10, 'a'],
      [20, 'd'],
      [10, 'b'],
    ] as const)
      scheduler.after(ms, name, () => void ran.push(name))
    await passes(scheduler)
    expect(ran).toEqual(['a', 'b', 'c', 'd'])
  })

  test('lets everything come of a task, however often it awaits, before the next one begins', async () => {
    const scheduler = createScheduler()
    const ran: string[] = []
    scheduler.after(1, 'awaits', async () => {
      for (let i = 0; i < 100; i++) await null
      ran.push('awaited')
    })
    scheduler.after(1, 'next', () => void ran.push('next'))
    await passes(scheduler)
    expect(ran).toEqual(['awaited', 'next'])
  })

  test('moves the time from task to task, and no further than the limit', async () => {
    const scheduler = createScheduler()
    const beganAt = scheduler.now()
    const ranAt: number[] = []
    scheduler.after(1.2, 'rounded up', () => void ranAt.push(scheduler.now() - beganAt))
    scheduler.after(100, 'in time', () => void ranAt.push(scheduler.now() - beganAt))
    scheduler.after(101, 'too late', () => void ranAt.push(scheduler.now() - beganAt))
    expect(await scheduler.run(() => false, 100)).toBe(false)
    expect(ranAt).toEqual([2, 100])
    expect(scheduler.now() - beganAt).toBe(100)
  })

  test('stops when what is waited for has come, and goes on from there', async () => {
    const scheduler = createScheduler()
    const ran: string[] = []
    scheduler.after(10, 'a', () => void ran.push('a'))
    scheduler.after(20, 'b', () => void ran.push('b'))
    expect(await scheduler.run(() => ran.includes('a'), minute)).toBe(true)
    expect(ran).toEqual(['a'])
    await passes(scheduler)
    expect(ran).toEqual(['a', 'b'])
  })

  test('does not run what was cancelled', async () => {
    const scheduler = createScheduler()
    const ran: string[] = []
    const cancel = scheduler.after(10, 'cancelled', () => void ran.push('cancelled'))
    scheduler.after(5, 'cancels', cancel)
    await passes(scheduler)
    expect(ran).toEqual([])
  })

  test('rejects with what a task throws', async () => {
    const scheduler = createScheduler()
    scheduler.after(1, 'throws', () => {
      throw new Error('a fault of the simulation')
    })
    await expect(passes(scheduler)).rejects.toThrow('a fault of the simulation')
  })

  test('keeps the order of thousands of tasks', async () => {
    const scheduler = createScheduler()
    const times: number[] = []
    for (let i = 0; i < 5_000; i++)
      scheduler.after((i * 7_919) % 1_009, 'one of many', () => void times.push(scheduler.now()))
    await passes(scheduler)
    expect(times).toHaveLength(5_000)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })
})

test('the trace tells the same of the same, and another thing of anything else', async () => {
  async function hashOf(labels: readonly string[], ms = 10): Promise<string> {
    const scheduler = createScheduler()
    for (const label of labels) scheduler.after(ms, label, () => {})
    await passes(scheduler)
    return scheduler.traceHash()
  }
  expect(await hashOf(['a', 'b'])).toBe(await hashOf(['a', 'b']))
  expect(await hashOf(['a', 'b'])).not.toBe(await hashOf(['b', 'a']))
  expect(await hashOf(['a', 'b'])).not.toBe(await hashOf(['a', 'b'], 11))
})
