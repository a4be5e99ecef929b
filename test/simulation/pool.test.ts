import { expect, test } from '@jest/globals'
import { playSeeds } from './pool.ts'
import { count, emptyTally, failureLines, reportLines } from './report.ts'
import { runSeed } from './run.ts'

const sagas = 10

test('a seed goes the same way in a thread as in this one', async () => {
  const hashes = new Map<number, string>()
  await playSeeds(
    [5, 6, 7].map((seed) => ({ seed, sagas })),
    {
      workers: 2,
      onAnswer: (answer) => 'result' in answer && hashes.set(answer.result.seed, answer.result.traceHash),
    },
  )
  expect([...hashes.keys()].sort()).toEqual([5, 6, 7])
  for (const [seed, hash] of hashes) expect((await runSeed({ seed, sagas })).traceHash).toBe(hash)
}, 60_000)

test('a seed that fails is told with the command that plays it again, and the report names it', async () => {
  const tally = emptyTally()
  const result = await runSeed({ seed: 1, sagas })
  count(tally, { result })
  count(tally, { result: { ...result, seed: 2, violations: ['something is wrong'] } })
  count(tally, { task: { seed: 3, sagas }, failure: 'Error: it broke' })
  expect(tally.failed.map(failureLines)).toEqual([
    ['✗ seed 2, 10 sagas', '    something is wrong', '    again: npm run simulate -- --seed 2 --sagas 10'],
    [
      '✗ seed 3, 10 sagas',
      '    the simulation itself failed: Error: it broke',
      '    again: npm run simulate -- --seed 3 --sagas 10',
    ],
  ])
  const report = reportLines(tally, 1_000)
  expect(report[0]).toMatch(/^3 seeds, 20 sagas, /)
  expect(report.at(-1)).toBe('2 seeds have failed: 2, 3')
}, 60_000)
