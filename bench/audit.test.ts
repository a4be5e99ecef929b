import { expect, test } from '@jest/globals'
import { sampleOf } from './audit.ts'

const ids = Array.from({ length: 1_001 }, (_, index) => `order-${index}`)

test('as long as there are few orders, all are checked', () => {
  expect([...sampleOf(ids, 1_001)]).toEqual(ids)
})

test('of too many, so many are checked, from the first to the last', () => {
  expect([...sampleOf(ids, 11)]).toEqual(Array.from({ length: 11 }, (_, index) => `order-${index * 100}`))
})
