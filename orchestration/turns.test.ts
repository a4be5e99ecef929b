import { describe, expect, test } from '@jest/globals'
import { manualClock } from './manual-clock.fixtures.ts'
import { turns } from './turns.ts'

/** Adds so many pieces of work, and notes which have begun. */
function stage(count: number) {
  const clock = manualClock()
  const room = turns(clock)
  const begun: number[] = []
  for (let piece = 0; piece < count; piece++) room.add(() => begun.push(piece))
  return { clock, room, begun }
}

describe('work', () => {
  test('begins at once while the turn has room', () => {
    expect(stage(3).begun).toEqual([0, 1, 2])
  })

  test('beyond the share of a turn begins in the turns that follow, in its order', () => {
    const { clock, begun } = stage(70)
    expect(begun.length).toBe(32)
    clock.advance(0)
    expect(begun).toEqual(Array.from({ length: 70 }, (_, piece) => piece))
  })

  test('that comes later does not overtake what waits', () => {
    const { clock, room, begun } = stage(40)
    room.add(() => begun.push(-1))
    clock.advance(0)
    expect(begun.at(-1)).toBe(-1)
  })

  test('that has not begun never begins after the stop', () => {
    const { clock, room, begun } = stage(40)
    room.stop()
    room.add(() => begun.push(-1))
    clock.advance(0)
    expect(begun.length).toBe(32)
  })
})
