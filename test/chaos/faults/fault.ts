import { waitUntil } from '../../../infra/wait.ts'
import type { PlannedFault } from '../schedule.ts'
import type { Stage } from '../stage.ts'

/** A fault that has begun. */
export type Inflicted = {
  /** Undoes it, and resolves with what it did in a few words. Rejects when it turns out to have met nothing at all. */
  heal(): Promise<string>
}

/** Begins a fault. Rejects when it cannot. */
export type Inflict = (fault: PlannedFault, stage: Stage) => Promise<Inflicted>

/** Whom a fault needs may just be away by another one. */
export function insist(work: () => Promise<void>): Promise<void> {
  return waitUntil(work, { limitMs: 60_000 })
}

/** Throws: a fault that met nothing proves nothing. */
export function metNothing(what: string): never {
  throw new Error(`it met nothing: ${what}`)
}
