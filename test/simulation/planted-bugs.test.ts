import { afterAll, describe, expect, test } from '@jest/globals'
import { bugs } from './bugs.fixtures.ts'
import { runSeed } from './run.ts'

const seeds = Array.from({ length: 24 }, (_, i) => i + 1)
const sagas = 25

describe('some seed finds', () => {
  const lines: string[] = []
  afterAll(() => void process.stdout.write(`${lines.join('\n')}\n`))

  test.each(bugs)(
    '$name',
    async ({ name, plant }) => {
      let found: string | undefined
      for (const seed of seeds) {
        const { violations } = await runSeed({ seed, sagas, bug: plant() })
        if (violations.length === 0) continue
        found = violations[0]
        lines.push(`✓ ${name}\n    seed ${seed}: ${found}`)
        break
      }
      expect(found).toBeDefined()
    },
    60_000,
  )
})
