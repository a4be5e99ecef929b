import { expect, test } from '@jest/globals'
import { roundUp } from './chart.ts'
import { figure, table } from './table.ts'

test.each([
  [0, '0'],
  [0.01234, '0.0123'],
  [1.2345, '1.23'],
  [12.345, '12.3'],
  [999.6, '1000'],
  [12_345.6, '12346'],
])('%p is told as %p', (value, told) => {
  expect(figure(value)).toBe(told)
})

test('a table has a line for its head, its rule and each row', () => {
  expect(table(['Load', 'orders/s'], [['1 in flight', '50']])).toBe(
    '| Load | orders/s |\n| --- | ---: |\n| 1 in flight | 50 |',
  )
})

test.each([
  [0, 1],
  [0.31, 0.4],
  [7, 7],
  [451, 500],
])('the axis for %p goes up to %p', (value, end) => {
  expect(roundUp(value)).toBe(end)
})
