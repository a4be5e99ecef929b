import { setTimeout as sleep } from 'node:timers/promises'
import { inUse } from './areas.ts'
import { inflict } from './faults/index.ts'
import type { PlannedFault } from './schedule.ts'
import type { Stage } from './stage.ts'

/** What became of a planned fault. Times in epoch milliseconds. */
export type PlayedFault = PlannedFault & {
  /** `null` when it could not be done, or when it met nothing: then it proves nothing. */
  readonly firedAt: number | null
  readonly healedAt: number | null
  /** What it did, or why it did not, in a few words. */
  readonly says: string
}

export type DirectorOptions = {
  /** When the first order is placed: what `at` counts from. */
  readonly beganAt: number
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/**
 * Plays all faults and resolves when each is over and undone. Those that have the same in use come one after the other: two at once
 * would undo each other's work. A fault that fails does not stop the rest. When `signal` is aborted, what has begun is undone at once.
 */
export async function playFaults(
  faults: readonly PlannedFault[],
  stage: Stage,
  { beganAt, signal, say }: DirectorOptions,
): Promise<PlayedFault[]> {
  const turns = new Map<string, Promise<unknown>>()

  async function play(fault: PlannedFault): Promise<PlayedFault> {
    await until(beganAt + fault.at * 1_000, signal)
    if (signal.aborted) return { ...fault, firedAt: null, healedAt: null, says: 'interrupted' }
    const used = inUse(fault)
    const before = used.map((name) => turns.get(name))
    const played = Promise.all(before).then(() => playOne(fault))
    for (const name of used) turns.set(name, played)
    return await played
  }

  async function playOne(fault: PlannedFault): Promise<PlayedFault> {
    const firedAt = Date.now()
    try {
      const inflicted = await inflict[fault.kind](fault, stage)
      say(`${second(firedAt)} ${fault.kind} ${fault.target}`)
      await until(firedAt + fault.for * 1_000, signal)
      const says = await inflicted.heal()
      return { ...fault, firedAt, healedAt: Date.now(), says }
    } catch (error) {
      const says = error instanceof Error ? error.message : String(error)
      say(`${second(firedAt)} ${fault.kind} ${fault.target} did not come about: ${says}`)
      return { ...fault, firedAt: null, healedAt: Date.now(), says }
    }
  }

  const second = (time: number) => `${((time - beganAt) / 1_000).toFixed(1).padStart(7)} s `
  return await Promise.all(faults.map(play))
}

async function until(time: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.max(0, time - Date.now()), undefined, { signal }).catch(() => {})
}
