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

test('what only some runs are asked for has a section when it was measured', () => {
  const [few, many] = result.loads
  if (!few || !many) throw new Error('too little was measured')
  const growth = { name: 'order', isCost: true, from: 200 * 2 ** 20, to: 205 * 2 ** 20, growth: 0.025 }
  const { latencies } = few
  const asked = {
    soak: { load: many, firstTenth: latencies, lastTenth: many.latencies, memory: [growth] },
    drain: {
      ...{ orders: 50_000, seconds: 80, ordersPerSecond: 625, queuedSeconds: 95, ratio: 1.5625 },
      beside: { name: '128 in flight', ordersPerSecond: 400 },
      unreadAtHalf: { order: 0, payment: 1_234 },
      probes: { latencies, refusals: 0 },
    },
    stored: {
      before: { orders: 10_000, load: few },
      after: { orders: 110_000, load: many },
      ratios: { sum: 1.04, processes: { store: 1.11 } },
    },
  }
  const told = [
    ['### A load that lasts', '| order | 200 | 205 | 2.5 % |'],
    ['### A queue that is worked off', '625 orders/s, **1.56** times the 400', '| payment | 1234 |'],
    ['### An order among many', '| CPU-ms in store |', '| 1.11 |'],
  ]
  const other = withFigures(page, { ...result, ...asked })
  for (const words of told.flat()) expect(other).toContain(words)
  const { soak: _, drain: __, stored: ___, ...plain } = result
  const without = withFigures(page, plain)
  for (const [title] of told) expect(without).not.toContain(title)
})

test('a page without a place for figures is refused', () => {
  expect(() => withFigures('# Benchmarks', result)).toThrow('no place')
})

test('the figures are of orders that are right', () => {
  expect(result.audit).toMatchObject({ violations: 0 })
  expect(result.audit.checked).toBeGreaterThan(0)
  expect(result.command).toMatch(/^npm run bench/)
})
