import { expect, test } from '@jest/globals'
import { ratioOf, spreadOf } from './spread.ts'

test.each([
  [[3, 1, 2], { median: 2, least: 1, most: 3 }],
  [[4, 1, 3, 2], { median: 2.5, least: 1, most: 4 }],
  [[7], { median: 7, least: 7, most: 7 }],
])('the middle of %j, and its ends', (values, spread) => {
  expect(spreadOf(values)).toEqual(spread)
})

test('without a measurement there is no figure', () => {
  expect(() => spreadOf([])).toThrow('nothing was measured')
})

test('ratios are of turns that stood side by side, so an hour in which all are slow changes none', () => {
  expect(ratioOf([200, 20, 100], [100, 10, 25])).toEqual({ median: 2, least: 2, most: 4 })
})
