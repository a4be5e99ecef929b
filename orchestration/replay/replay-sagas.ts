import type { JournalRow } from '../journal.ts'
import type { Participant } from '../participant.ts'
import { heardIn } from './incoming.ts'
import { type Divergence, replay } from './replay.ts'

/** The rows of one saga, by participant. In any order. */
export type SagaJournals = ReadonlyMap<string, readonly JournalRow[]>

export type ReplayReport = {
  readonly sagas: number
  readonly rows: number
  /** Rows that were decided again. */
  readonly judged: number
  /** Why the others could not be, and how many. */
  readonly unjudged: ReadonlyMap<string, number>
  readonly divergences: readonly Divergence[]
}

/** Replays many sagas, each with the words of all of its participants. Journals of participants that are not given are only listened to. */
export async function replaySagas(
  parts: readonly Participant[],
  sagas: AsyncIterable<SagaJournals> | Iterable<SagaJournals>,
): Promise<ReplayReport> {
  const divergences: Divergence[] = []
  const unjudged = new Map<string, number>()
  const count = { sagas: 0, rows: 0, judged: 0 }
  for await (const journals of sagas) {
    count.sagas += 1
    const heard = heardIn([...journals.values()].flat())
    for (const part of parts) {
      const rows = (journals.get(part.name) ?? []).toSorted((a, b) => a.seq - b.seq)
      const replayed = replay(part, rows, heard)
      count.rows += rows.length
      count.judged += replayed.judged
      for (const why of replayed.unjudged) unjudged.set(why, (unjudged.get(why) ?? 0) + 1)
      divergences.push(...replayed.divergences)
    }
  }
  return { ...count, unjudged, divergences }
}
