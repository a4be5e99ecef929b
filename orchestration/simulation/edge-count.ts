import { edgesOf } from '../machine/edges.ts'
import type { Participant } from '../participant.ts'
import { watchTransitions } from '../watch-transitions.ts'

/** How often a participant's machine has taken each of its transitions, in whatever processes it ran. */
export type EdgeCount = {
  /** The participant that is counted. */
  readonly part: Participant
  /**
   * `<participant>.<transition> → <where to>` → how often it was taken, 0 for those that never were. A step that was decided again, because
   * a fault had lost it, counts again.
   */
  counts(): Readonly<Record<string, number>>
}

/** For a participant of one version. */
export function edgeCount(part: Participant): EdgeCount {
  const edges = [...edgesOf(part.machine).values()]
  const taken = new Map<string, number>()
  return {
    part: watchTransitions(part, ({ id }) => taken.set(id, (taken.get(id) ?? 0) + 1)),
    counts: () =>
      Object.fromEntries(
        edges.map(({ id, to }) => [`${part.name}.${id} → ${to ?? 'stays'}`, taken.get(id) ?? 0]),
      ),
  }
}
