import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { count, emptyTally, failureLines, reportLines, type Tally } from './report.ts'
import { runSeed } from './run.ts'

const corpus = JSON.parse(readFileSync(new URL('./seeds.json', import.meta.url), 'utf8')) as readonly {
  readonly seed: number
  readonly sagas: number
  readonly why: string
}[]

/** Few sagas in many seeds: it is the faults that differ. */
const seeds = Array.from({ length: 32 }, (_, i) => i + 1)
const sagas = 40

describe(`${seeds.length} seeds of ${sagas} orders each, on a world where everything fails`, () => {
  const tally: Tally = emptyTally()
  let took = 0

  beforeAll(async () => {
    const beganAt = performance.now()
    for (const seed of seeds) count(tally, { result: await runSeed({ seed, sagas }) })
    took = performance.now() - beganAt
  }, 180_000)
  afterAll(() => void process.stdout.write(`${reportLines(tally, took).join('\n')}\n`))

  test('come to rest, and every invariant holds', () => {
    expect(tally.failed.flatMap(failureLines)).toEqual([])
  })

  test('have met every kind of fault', () => {
    const never = [...tally.faults].filter(([, times]) => times === 0)
    expect(never).toEqual([])
    expect(tally.faults.size).toBeGreaterThan(10)
  })

  test('have taken most of the machines’ transitions', () => {
    const taken = [...tally.edges.values()].filter((times) => times > 0)
    expect(taken.length).toBeGreaterThan(tally.edges.size * 0.7)
  })
})

test('a seed goes the same way ten times', async () => {
  const hashes: string[] = []
  for (let time = 0; time < 10; time++) hashes.push((await runSeed({ seed: 5, sagas: 25 })).traceHash)
  expect(new Set(hashes).size).toBe(1)
  expect((await runSeed({ seed: 6, sagas: 25 })).traceHash).not.toBe(hashes[0])
}, 60_000)

test('a seed asks neither the clock of this machine nor its chance', async () => {
  const now = jest.spyOn(Date, 'now')
  const random = jest.spyOn(Math, 'random')
  try {
    await runSeed({ seed: 5, sagas: 25 })
    expect([now.mock.calls.length, random.mock.calls.length]).toEqual([0, 0])
  } finally {
    jest.restoreAllMocks()
  }
}, 60_000)

test.each(corpus)(
  'the seed $seed, that has failed once, holds: $why',
  async ({ seed, sagas }) => {
    expect((await runSeed({ seed, sagas })).violations).toEqual([])
  },
  60_000,
)
