import { afterAll, describe, expect, test } from '@jest/globals'
import { bugs } from './bugs.fixtures.ts'
import { checkInvariants, runInvariants } from './index.ts'
import { findBug, line } from './planted-bugs.fixtures.ts'
import { smallRun } from './small-run.fixtures.ts'

describe('a run without a bug breaks no invariant', () => {
  test('when every participant dies once', async () => {
    expect(checkInvariants(await smallRun())).toEqual([])
  }, 30_000)

  test('when nobody dies', async () => {
    expect(checkInvariants(await smallRun({ kills: [] }))).toEqual([])
  }, 30_000)
})

describe('the invariant that is meant for it finds', () => {
  const lines: string[] = []
  afterAll(() => void process.stdout.write(`${lines.join('\n')}\n`))

  test.each(bugs)(
    '$name ($caughtBy)',
    async (bug) => {
      const found = await findBug(bug)
      lines.push(line(found))
      expect(found.violations.map(({ invariant }) => invariant)).toContain(bug.caughtBy)
    },
    30_000,
  )
})

test('every invariant is known to fail', () => {
  expect(new Set(bugs.map(({ caughtBy }) => caughtBy))).toEqual(new Set(runInvariants.map(({ id }) => id)))
})
