import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { Logger } from './logger.ts'
import { createSpanLoss } from './span-loss.ts'

describe('losing spans', () => {
  let lines: unknown[]
  const log = { warn: (_message: string, fields: unknown) => lines.push(fields) } as unknown as Logger

  beforeEach(() => {
    lines = []
    jest.useFakeTimers()
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  test('is said at once, then once per minute with the counts by reason', () => {
    const loss = createSpanLoss(log)
    loss.add(3, 'the queue is full')
    expect(lines).toEqual([{ lost: { 'the queue is full': 3 } }])

    loss.add(1, 'the queue is full')
    loss.add(4, 'refused')
    loss.add(1, 'the queue is full')
    jest.advanceTimersByTime(59_999)
    expect(lines).toHaveLength(1)
    jest.advanceTimersByTime(1)
    expect(lines.slice(1)).toEqual([{ lost: { 'the queue is full': 2, refused: 4 } }])
  })

  test('is said at once again after a minute without loss', () => {
    const loss = createSpanLoss(log)
    loss.add(1, 'refused')
    jest.advanceTimersByTime(60_000)
    expect(lines).toHaveLength(1)
    loss.add(2, 'refused')
    expect(lines.slice(1)).toEqual([{ lost: { refused: 2 } }])
  })

  test('is said in full at the end', () => {
    const loss = createSpanLoss(log)
    loss.add(1, 'refused')
    loss.add(2, 'refused')
    loss.close()
    expect(lines).toEqual([{ lost: { refused: 1 } }, { lost: { refused: 2 } }])
    expect(jest.getTimerCount()).toBe(0)
  })
})
