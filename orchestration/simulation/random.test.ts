import { expect, test } from '@jest/globals'
import { type Random, randomFrom } from './random.ts'

const first = (random: Random) => Array.from({ length: 20 }, () => random.between(1, 1_000_000))

test('the same seed says the same, another one something else', () => {
  expect(first(randomFrom(7))).toEqual(first(randomFrom(7)))
  expect(first(randomFrom(7))).not.toEqual(first(randomFrom(8)))
})

test('a fork says the same, whatever was asked of its source before', () => {
  const used = randomFrom(7)
  first(used)
  expect(first(used.fork('one'))).toEqual(first(randomFrom(7).fork('one')))
  expect(first(used.fork('one'))).not.toEqual(first(used.fork('two')))
})

test('between holds both ends, and nothing beyond', () => {
  const random = randomFrom(1)
  const drawn = new Set(Array.from({ length: 1_000 }, () => random.between(2, 4)))
  expect([...drawn].sort()).toEqual([2, 3, 4])
})

test('there is nothing to pick from nothing', () => {
  expect(() => randomFrom(1).pick([])).toThrow(RangeError)
})
