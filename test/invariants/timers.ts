import { fold, type Head, type JournalRow } from '#orchestration'
import type { Check, Evidence, Violation } from './evidence.ts'
import { repeated } from './repeated.ts'
import { type StoredPart, viewOf } from './view.ts'

/** A timer fires once, not before it is due, and not much later. */
export const timers: Check = (evidence) => viewOf(evidence).parts.flatMap((part) => faultsOf(part, evidence))

function faultsOf({ name, sagaId, rows }: StoredPart, { collectedAt, run }: Evidence): Violation[] {
  const wrong = (says: string): Violation => ({ invariant: 'I10', sagaId, says: `${name}: ${says}` })
  const dueAt = new Map(rows.flatMap((row) => row.timers.started.map((timer) => [timer.key, timer.dueAt])))
  const fired = rows.filter(isFiring)
  const early = fired.flatMap(({ cause, at }) => {
    const due = dueAt.get(cause.id)
    if (due === undefined) return [wrong(`the timer ${cause.id} fired, and no row has set it`)]
    return at < due ? [wrong(`the timer ${cause.id} fired ${due - at} ms early`)] : []
  })
  const again = repeated(fired, ({ cause }) => cause.id).map(({ cause }) =>
    wrong(`the timer ${cause.id} fired twice`),
  )
  const last = rows.reduce<Head | null>(fold, null)
  const overdue = (last?.held?.length ? [] : (last?.timers ?? []))
    .filter((timer) => timer.dueAt + run.limitMs < collectedAt)
    .map((timer) =>
      wrong(`the timer ${timer.key} was due ${collectedAt - timer.dueAt} ms ago and has not fired`),
    )
  return [...early, ...again, ...overdue]
}

function isFiring({ cause }: JournalRow): boolean {
  return cause.kind === 'timer' || cause.kind === 'unstarted'
}
