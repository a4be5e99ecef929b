import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { runChaos } from './run.ts'
import { readSchedule } from './schedule.ts'
import { hasty } from './settings.ts'

const limit = 300_000

/** On a broker and a store of its own, since it kills them. */
test(
  'orders end as they should, and nothing is lost or doubled, whatever is killed, cut, stopped or said twice',
  async () => {
    const schedule = readSchedule(readFileSync(join(import.meta.dirname, 'short.json'), 'utf8'))
    const folder = mkdtempSync(join(tmpdir(), 'chorus-chaos-'))
    const signal = AbortSignal.timeout(limit - 20_000)
    const registryUrl = process.env.SCHEMA_REGISTRY_URL
    const run = await runChaos({
      schedule,
      patience: hasty,
      folder,
      withSpans: true,
      registryUrl,
      signal,
    })

    expect(run.faults.filter(({ firedAt }) => firedAt === null)).toEqual([])
    expect(run.refusals).toEqual([])
    expect(run.violations).toEqual([])
    expect(run.purchases.filter(({ accepted }) => accepted && run.ended.has(accepted.orderId))).toHaveLength(
      schedule.orders,
    )
  },
  limit,
)
