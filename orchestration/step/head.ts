import { PoisonError } from '#messaging'
import type { DeferredEvent, Head, Hold, JournalRow, PendingEffect, PendingTimer } from '../journal.ts'

/** An effect becomes due for the sweep this long after an attempt may start: its owner is normally done with it by then. */
export const effectLease = 5_000

/** The head after this row. Folding all rows of a saga from `null` gives its head, whoever does it. */
export function fold(head: Head | null, row: JournalRow): Head {
  const timers = follow(head?.timers ?? [], row.timers)
  const effects = follow(head?.effects ?? [], row.effects)
  const held = holds(head, row)
  const givenUp = givenUpAfter(head, row)
  const seen = head?.seen ?? []
  return {
    _id: row.sagaId,
    seq: row.seq,
    version: row.version,
    partition: row.partition,
    state: row.state,
    seen: [...seen, ...row.consumed.filter((id) => !seen.includes(id))],
    deferred: waiting(head, row),
    ...(held.length > 0 && { held }),
    ...(givenUp.length > 0 && { givenUp }),
    timers,
    effects,
    dueAt: dueAt(held.length > 0 ? [] : timers, effects),
    startedAt: head?.startedAt ?? row.at,
    at: row.at,
  }
}

/** A redriven event takes the place that it had. */
function waiting(head: Head | null, row: JournalRow): readonly DeferredEvent[] {
  const settled = new Set([
    ...row.consumed,
    ...(row.letters ?? []).map(({ id }) => id),
    ...(row.dropped ?? []),
  ])
  const rest = (head?.deferred ?? []).filter(({ id }) => !settled.has(id))
  return row.deferred ? [...rest, row.deferred].sort((a, b) => a.seq - b.seq) : rest
}

function holds(head: Head | null, { held, released = [] }: JournalRow): readonly Hold[] {
  const rest = (head?.held ?? []).filter(({ row }) => !released.includes(row))
  return held ? [...rest, held] : rest
}

function givenUpAfter(head: Head | null, { letters = [], held, consumed }: JournalRow): readonly string[] {
  const rest = (head?.givenUp ?? []).filter((id) => !consumed.includes(id))
  return [...rest, ...letters.map(({ id }) => id).filter((id) => id !== held?.id)]
}

type Change<T> = { readonly started: readonly T[]; readonly ended: readonly string[] }

/** A retried effect is started again under its own key, so what starts replaces what is pending. */
function follow<T extends { readonly key: string }>(pending: readonly T[], change: Change<T>): T[] {
  const gone = new Set([...change.ended, ...change.started.map((item) => item.key)])
  return [...pending.filter((item) => !gone.has(item.key)), ...change.started]
}

function dueAt(timers: readonly PendingTimer[], effects: readonly PendingEffect[]): number | null {
  const times = [
    ...timers.map((timer) => timer.dueAt),
    ...effects.map((effect) => effect.notBefore + effectLease),
  ]
  return times.length > 0 ? Math.min(...times) : null
}

/** Characters of a head: below what a document may hold. Only what waits unread can grow that far. */
const maxHeadLength = 4 * 1024 * 1024

/** Throws a `PoisonError` for a head that no store would take: it would hold up every other head behind it. */
export function refuseOversized(head: Head): void {
  if (head.deferred.length === 0 || JSON.stringify(head).length <= maxHeadLength) return
  throw new PoisonError(
    `saga ${head._id} keeps ${head.deferred.length} events waiting, which is more than a head may hold`,
    {
      code: 'CHORUS_TOO_LARGE',
    },
  )
}
