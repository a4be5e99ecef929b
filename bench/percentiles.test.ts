import { expect, test } from '@jest/globals'
import { latenciesOf } from './percentiles.ts'

test('percentiles are values that occurred: the smallest that so many do not exceed', () => {
  const thousand = Array.from({ length: 1_000 }, (_, index) => 1_000 - index)
  expect(latenciesOf(thousand)).toEqual({ count: 1_000, p50: 500, p99: 990, p999: 999, max: 1_000 })
})

test('one latency is every percentile', () => {
  expect(latenciesOf([7])).toEqual({ count: 1, p50: 7, p99: 7, p999: 7, max: 7 })
})

test('numbers are sorted as numbers', () => {
  expect(latenciesOf([10, 9, 100]).p50).toBe(10)
})

test('without an order every percentile is 0', () => {
  expect(latenciesOf([])).toEqual({ count: 0, p50: 0, p99: 0, p999: 0, max: 0 })
})
