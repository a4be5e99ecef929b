import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { randomFrom } from '#orchestration/simulation'
import { type CustomerOptions, type Purchase, place } from './customer.ts'
import { pathsOf } from './paths.ts'
import type { Schedule } from './schedule.ts'

export type Crowd = {
  /** Every order that was asked for so far. */
  readonly purchases: readonly Purchase[]
  /** What the API refused for good: nothing that a customer may meet. */
  readonly refusals: readonly string[]
  /** Resolves when the last order has been asked for. */
  readonly asked: Promise<void>
  /** Resolves when every customer has an answer, or has given up. */
  readonly served: Promise<void>
}

/**
 * Asks for orders at the schedule's rate, whatever becomes of those before: a shop that is away finds its customers waiting. Aborting
 * `signal` ends it.
 */
export function openDoors(schedule: Schedule, options: CustomerOptions): Crowd {
  const { signal } = options
  const { seed, rate } = schedule
  const purchases: Purchase[] = []
  const refusals: string[] = []
  const served: Promise<void>[] = []

  async function ask(): Promise<void> {
    const beganAt = Date.now()
    for (const [index, path] of pathsOf(schedule, randomFrom(seed)).entries()) {
      const early = beganAt + (index / rate) * 1_000 - Date.now()
      if (early > 0) await sleep(early, undefined, { signal }).catch(() => {})
      if (signal.aborted) return
      const purchase: Purchase = { key: randomUUID(), path, askedAt: Date.now(), accepted: null, answers: {} }
      purchases.push(purchase)
      served.push(place(purchase, options).catch((error) => void refusals.push(String(error))))
    }
  }

  const asked = ask()
  return { purchases, refusals, asked, served: asked.then(async () => void (await Promise.all(served))) }
}
