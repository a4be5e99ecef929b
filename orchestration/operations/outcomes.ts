import { pause } from '../clock.ts'
import type { JournalRow } from '../journal.ts'
import { stateName } from '../tracker/machine-definition.ts'
import type { OperatorContext, Verdict } from './context.ts'

/** Something that was said to one saga's part, and will be a row of its journal. */
export type Asked = {
  readonly participant: string
  readonly sagaId: string
  /** Of the command or the event. */
  readonly id: string
  /** Rows up to this one do not tell of it. */
  readonly after: number
}

/** What came of it, in words. */
export type Outcome = {
  readonly result: 'applied' | 'deferred' | 'ignored' | 'held'
  readonly verdict: Verdict
  readonly text: string
}

/** Longest wait, in ms, in which no row is found. */
export const patience = 15_000
const interval = 200
/** Rows of a saga that are looked at in one round. */
const ahead = 4
/** Sagas that are asked for in one request. */
const sagasAtOnce = 100

/**
 * Hands over the rows of what was asked as the participants insert them. Resolves when it has them all, or when none has come for
 * `patience` ms, with those that are still missing.
 */
export async function whenTaken<Item extends Asked>(
  { infrastructure, clock }: OperatorContext,
  asked: readonly Item[],
  onTaken: (taken: readonly (readonly [Item, JournalRow])[]) => Promise<void>,
): Promise<readonly Item[]> {
  const seen = new Map(asked.map((item) => [item, item.after]))
  let end = clock.now() + patience

  async function look(items: readonly Item[]): Promise<void> {
    const store = await infrastructure.store(items[0]?.participant ?? '')
    const ids = items.flatMap((item) => idsAfter(item, seen.get(item) ?? 0))
    const rows = new Map((await store.readRows([...new Set(ids)])).map((row) => [row._id, row]))
    const taken: (readonly [Item, JournalRow])[] = []
    for (const item of items) {
      for (const id of idsAfter(item, seen.get(item) ?? 0)) {
        const row = rows.get(id)
        if (!row) break
        seen.set(item, row.seq)
        if (row.cause.id !== item.id) continue
        taken.push([item, row])
        seen.delete(item)
        break
      }
    }
    if (taken.length === 0) return
    end = clock.now() + patience
    await onTaken(taken)
  }

  for (;;) {
    for (const items of Map.groupBy(seen.keys(), ({ participant }) => participant).values())
      for (let from = 0; from < items.length; from += sagasAtOnce)
        await look(items.slice(from, from + sagasAtOnce))
    if (seen.size === 0 || clock.now() >= end) return [...seen.keys()]
    await pause(clock, interval)
  }
}

function idsAfter({ sagaId }: Asked, seq: number): string[] {
  return Array.from({ length: ahead }, (_, i) => `${sagaId}:${seq + i + 1}`)
}

/** What a row says about its cause. */
export function outcomeOf({ outcome, cause, held, state }: JournalRow): Outcome {
  const now = state ? `, now ${stateName(state.value)}` : ''
  if (held && !(cause.kind === 'command' && cause.command === 'pause'))
    return { result: 'held', text: `row ${held.row} holds the saga: ${held.reason}`, verdict: 'failed' }
  if (outcome === 'applied') return { result: 'applied', text: `applied${now}`, verdict: 'done' }
  if (outcome === 'deferred')
    return { result: 'deferred', text: `kept for a later state${now}`, verdict: 'done' }
  const why = cause.kind === 'command' ? cause.error : undefined
  return { result: 'ignored', text: `ignored: ${why ?? `nothing comes of it${now}`}`, verdict: 'failed' }
}
