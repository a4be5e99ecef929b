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

/** Milliseconds beyond its time that a fault waits for somebody whom it meets. */
export const patience = 30_000

/** The process that a fault is for. It may just be starting again after another one. */
export async function running(whom: { pid(): number | undefined }, name: string): Promise<number> {
  const look = async () => whom.pid() ?? metNothing(`${name} did not run`)
  return await waitUntil(look, { limitMs: patience })
}

/** Throws: a fault that met nothing proves nothing. */
export function metNothing(what: string): never {
  throw new Error(`it met nothing: ${what}`)
}
