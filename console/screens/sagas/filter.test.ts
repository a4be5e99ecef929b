import { expect, test } from '@jest/globals'
import { isFiltered } from './filter.ts'

test('sorting is no filter, and neither is what is open', () => {
  expect(isFiltered('?sort=newest&cursor=x')).toBe(false)
  expect(isFiltered('?sort=newest&overdue=true')).toBe(true)
})
