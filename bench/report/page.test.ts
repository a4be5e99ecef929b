import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import type { BenchResult } from '../result.ts'
import { pageFile, resultFile, withFigures } from './page.ts'

const page = readFileSync(pageFile, 'utf8')
const result = JSON.parse(readFileSync(resultFile, 'utf8')) as BenchResult

test('the page shows what was measured', () => {
  expect(withFigures(page, result)).toBe(page)
})

test('other figures make another page, and what people wrote stays', () => {
  const [load] = result.loads
  if (!load) throw new Error('nothing was measured')
  const faster = { ...result, loads: [{ ...load, name: 'all at once', ordersPerSecond: 98_765 }] }
  const other = withFigures(page, faster)
  expect(other).toContain('| all at once | 98765 |')
  expect(other.split('<!--')[0]).toBe(page.split('<!--')[0])
})

test('a page without a place for figures is refused', () => {
  expect(() => withFigures('# Benchmarks', result)).toThrow('no place')
})

test('the figures are of orders that are right', () => {
  expect(result.audit).toMatchObject({ violations: 0 })
  expect(result.audit.checked).toBeGreaterThan(0)
  expect(result.command).toMatch(/^npm run bench/)
})
