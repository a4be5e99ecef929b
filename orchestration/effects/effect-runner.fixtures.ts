import { type CheckIn, desk } from '../booking.fixtures.ts'
import { silent } from '../faults.fixtures.ts'
import type { PendingEffect } from '../journal.ts'
import { manualClock } from '../manual-clock.fixtures.ts'
import { effectRunner, type Result } from './effect-runner.ts'

/** A runner whose one effect is this, or whose effects are these, and what came of them. No jitter. */
export function runnerOf(checkIn: CheckIn, others: Record<string, CheckIn> = {}) {
  const clock = manualClock(0)
  const results: Result[] = []
  const onResult = (_: string, result: Result) => void results.push(result)
  const part = desk(checkIn)
  const effects = { ...part.effects, ...others } as typeof part.effects
  const runner = effectRunner({ part: { ...part, effects }, clock, log: silent, onResult, random: () => 1 })
  const asked = (fields: Partial<PendingEffect> = {}): PendingEffect => ({
    key: 'checkIn@2',
    id: 'checkIn',
    src: 'checkIn',
    input: { bookingId: 'b-1' },
    idempotencyKey: 'b-1:2/checkIn',
    startedAt: 0,
    failures: 0,
    notBefore: 0,
    trace: {},
    ...fields,
  })
  return { runner, clock, results, asked }
}

/** Work that never ends. */
export const waiting = () => new Promise<never>(() => {})
