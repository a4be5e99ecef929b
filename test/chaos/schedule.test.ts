import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { randomFrom } from '#orchestration/simulation'
import { faultKinds } from './fault-kinds.ts'
import { inflict } from './faults/index.ts'
import { generateSchedule } from './generate.ts'
import { paths, pathsOf } from './paths.ts'
import { type PlannedFault, readSchedule, writeSchedule } from './schedule.ts'

const long = { seed: 1, orders: 20_000, minutes: 21 }
const network = ['cut', 'black-hole', 'delay', 'duplicate', 'replay']

describe('a schedule from a seed', () => {
  test('is the same for the same seed, and another one for another seed', () => {
    expect(generateSchedule(long)).toEqual(generateSchedule(long))
    expect(generateSchedule({ ...long, seed: 2 }).faults).not.toEqual(generateSchedule(long).faults)
  })

  test.each([1, 2, 3, 4, 5])(
    'of the long form (seed %d) has at least 80 faults of processes and network, all kinds, and steady ones',
    (seed) => {
      const { faults, orders, rate } = generateSchedule({ ...long, seed })
      const passing = faults.filter(({ at }) => at > 0)
      expect(passing.filter(({ kind }) => !/sandbox-|replay|small/.test(kind)).length).toBeGreaterThanOrEqual(
        80,
      )
      expect(new Set(faults.map(({ kind }) => kind)).size).toBe(Object.keys(faultKinds).length)
      expect(orders / rate / 60).toBeCloseTo(21, 0)
      expect(faults.filter(({ at, kind }) => at === 0 && network.includes(kind)).length).toBeGreaterThan(2)
    },
  )

  test('ends every fault before the last order, and leaves measured kills alone', () => {
    const { faults } = generateSchedule(long)
    for (const fault of faults) expect(fault.at + fault.for).toBeLessThanOrEqual(21 * 60)
    const passing = faults.filter(({ at }) => at > 0)
    const measured = passing.slice(0, 7)
    for (const [index, { at, for: lasts, kind }] of measured.entries()) {
      const quiet = (passing[index + 1]?.at ?? 0) - at - lasts
      expect({ kind, quiet: quiet >= (kind === 'kill-service' ? 30 : 50) }).toEqual({ kind, quiet: true })
    }
  })

  test('of a few minutes has a storm too', () => {
    const { faults } = generateSchedule({ seed: 1, orders: 1_000, minutes: 3 })
    expect(faults.filter(({ at }) => at > 0).length).toBeGreaterThan(10)
  })

  test('survives being written and read', () => {
    const schedule = generateSchedule(long)
    expect(readSchedule(writeSchedule(schedule))).toEqual(schedule)
  })
})

describe('a schedule from a file', () => {
  const fault: PlannedFault = { at: 1, kind: 'kill-service', target: 'payment-1', for: 2 }
  const read = (faults: readonly object[]) =>
    readSchedule(JSON.stringify({ seed: 1, orders: 1, rate: 1, faults }))

  test('is refused with every field that is wrong', () => {
    expect(() =>
      read([
        { ...fault, kind: 'earthquake' },
        { ...fault, at: -1 },
      ]),
    ).toThrow(/faults\[0\][\s\S]*faults\[1\]/)
  })

  test('is refused when a kind cannot hit its target', () => {
    expect(() => read([fault, { ...fault, target: 'kafka' }])).toThrow('kill-service cannot hit "kafka"')
  })

  test('may be the short form of the tests', () => {
    const { faults } = readSchedule(readFileSync(join(import.meta.dirname, 'short.json'), 'utf8'))
    expect(faults.length).toBeGreaterThanOrEqual(12)
    expect(new Set(faults.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(8)
  })
})

test('every kind of fault can be done, and there are at least twelve', () => {
  expect(Object.keys(inflict).sort()).toEqual(Object.keys(faultKinds).sort())
  expect(Object.keys(faultKinds).length).toBeGreaterThanOrEqual(12)
})

test('of every hundred orders some take each way; at the end none is silent', () => {
  const names = pathsOf({ orders: 300, rate: 10 }, randomFrom(7)).map(({ name }) => name)
  expect(new Set(names.slice(0, 100)).size).toBe(paths.length)
  expect(names.slice(0, 101)).toContain('payment silent')
  expect(names.slice(101)).not.toContain('payment silent')
  expect(paths.reduce((sum, { share }) => sum + share, 0)).toBe(100)
})

test('chance says the same for the same seed, and everything about as often', () => {
  const random = randomFrom(3)
  const rolls = Array.from({ length: 6_000 }, () => random.between(1, 6))
  expect(rolls.slice(0, 20)).toEqual(
    Array.from(
      { length: 20 },
      (
        (again) => () =>
          again.between(1, 6)
      )(randomFrom(3)),
    ),
  )
  for (const face of [1, 2, 3, 4, 5, 6])
    expect(Math.abs(rolls.filter((roll) => roll === face).length - 1_000)).toBeLessThan(120)
})
