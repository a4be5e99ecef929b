import { describe, expect, test } from '@jest/globals'
import { desk } from '../booking.fixtures.ts'
import { silent } from '../faults.fixtures.ts'
import { manualClock } from '../manual-clock.fixtures.ts'
import type { Verdict } from './circuit-breaker.ts'
import { dependencyFindings, dependencyGate } from './dependency-gate.ts'

/** A gate with this many places; who is in stands in `inside`, in the order of having begun. */
function gateOf(concurrency: number) {
  const clock = manualClock(0)
  const gate = dependencyGate({ name: 'hotel', concurrency, clock, log: silent, random: () => 1 })
  const inside = new Map<string, (verdict: Verdict) => void>()
  const begun: string[] = []
  const enter = (name: string, effect: { failures?: number; deadlineAt?: number } = {}) =>
    gate.enter({ failures: 0, ...effect }, (leave) => {
      begun.push(name)
      inside.set(name, leave)
    })
  const leave = (name: string, verdict: Verdict = 'answered') => {
    const tell = inside.get(name)
    inside.delete(name)
    tell?.(verdict)
  }
  const failFive = () => {
    for (const name of ['f1', 'f2', 'f3', 'f4', 'f5']) {
      enter(name)
      leave(name, 'failed')
    }
    begun.length = 0
  }
  return { gate, clock, enter, leave, failFive, begun, inside: () => [...inside.keys()] }
}

describe('the bound of a dependency', () => {
  test('lets no more in than it has places, the others in the order of their arrival', () => {
    const { enter, leave, inside, begun } = gateOf(2)
    for (const name of ['a', 'b', 'c', 'd', 'e']) enter(name)
    expect(inside()).toEqual(['a', 'b'])
    leave('b')
    expect(inside()).toEqual(['a', 'c'])
    leave('a', 'failed')
    leave('c', 'nothing')
    expect(inside()).toEqual(['d', 'e'])
    expect(begun).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('holds no place for who gave up waiting', () => {
    const { enter, leave, inside } = gateOf(1)
    enter('a')
    const giveUp = enter('b')
    enter('c')
    giveUp()
    leave('a')
    expect(inside()).toEqual(['c'])
  })

  test('is 128 unless it is given', () => {
    const clock = manualClock(0)
    const gate = dependencyGate({ name: 'hotel', clock, log: silent, random: () => 1 })
    let begun = 0
    for (let i = 0; i < 200; i++) gate.enter({ failures: 0 }, () => void begun++)
    expect(begun).toBe(128)
  })

  test('is said by what waits for it', () => {
    const { gate, enter } = gateOf(1)
    enter('a')
    enter('b')
    expect(gate.obstacle()).toBe('"hotel" had no place free')
  })
})

describe('a dependency that does not answer', () => {
  test('is left alone, then asked by one, and serves all in their order when it answers', () => {
    const { clock, enter, leave, failFive, inside, gate } = gateOf(3)
    failFive()
    for (const name of ['a', 'b', 'c', 'd']) enter(name)
    expect(inside()).toEqual([])
    expect(gate.obstacle()).toBe('"hotel" was not reachable')
    clock.advance(500)
    expect(inside()).toEqual(['a'])
    leave('a')
    expect(inside()).toEqual(['b', 'c', 'd'])
  })

  test('is asked at once by whoever comes when its rest is over', () => {
    const { clock, enter, failFive, inside } = gateOf(3)
    failFive()
    clock.advance(500)
    enter('a')
    enter('b')
    expect(inside()).toEqual(['a'])
  })

  test('is not asked by one whose own failures are many while others wait', () => {
    const { clock, enter, failFive, inside } = gateOf(3)
    failFive()
    enter('stubborn', { failures: 9 })
    enter('fresh', { failures: 0, deadlineAt: 900 })
    clock.advance(500)
    expect(inside()).toEqual(['fresh'])
  })

  test('is asked by one that can wait for the answer, not by the oldest, whose time is nearly up', () => {
    const { clock, enter, failFive, inside } = gateOf(3)
    failFive()
    enter('old', { deadlineAt: 501 })
    enter('young', { deadlineAt: 30_000 })
    enter('younger', { deadlineAt: 30_000 })
    clock.advance(500)
    expect(inside()).toEqual(['young'])
  })

  test('is asked by another one when the probe gave up', () => {
    const { clock, enter, leave, failFive, inside } = gateOf(3)
    failFive()
    enter('a')
    enter('b')
    clock.advance(500)
    leave('a', 'nothing')
    expect(inside()).toEqual(['b'])
  })
})

describe('what effects say of their dependency', () => {
  const run = async () => ({ room: 7 })

  test('must be a bound that lets somebody in', () => {
    expect(() => desk({ run, dependency: { name: 'hotel', concurrency: 0 } })).toThrow(
      'the dependency "hotel" has the concurrency 0: give a whole number above 0',
    )
  })

  test('must be the same for all that share it', () => {
    const hotel = { name: 'hotel', concurrency: 2 }
    expect(dependencyFindings({ a: { run, dependency: hotel }, b: { run, dependency: hotel } })).toEqual([])
    expect(
      dependencyFindings({ a: { run, dependency: hotel }, b: { run, dependency: { name: 'hotel' } } }),
    ).toEqual(['the dependency "hotel" has the concurrencies 2 and 128: its effects share one'])
  })
})
