import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { pageFile, resultFile, withFigures } from './page.ts'
import type { PeersResult } from './result.ts'

const page = readFileSync(pageFile, 'utf8')
const result = JSON.parse(readFileSync(resultFile, 'utf8')) as PeersResult

test('the page shows what was measured', () => {
  expect(withFigures(page, result)).toBe(page)
})

test('every engine took its turn as often as the others, and a tenth of its orders was given back', () => {
  const turns = Map.groupBy(result.turns, ({ engine }) => engine)
  expect(turns.size).toBeGreaterThan(1)
  for (const some of turns.values()) expect(some).toHaveLength(result.settings.pairs)
  for (const { orders, refunded } of result.turns) expect(refunded / orders).toBeCloseTo(0.1, 1)
})

test('a peer that was not run is named with the reason', () => {
  const without = { ...result, notRun: [{ name: 'dbos', why: 'there is no PostgreSQL' }] }
  expect(withFigures(page, without)).toContain('**dbos was not run**: there is no PostgreSQL.')
})
