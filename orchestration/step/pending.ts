import type { TraceContext } from '#observability'
import type { Effect } from '../effects/effect.ts'
import type { Head, PendingEffect, PendingTimer } from '../journal.ts'
import type { Move } from '../machine/program.ts'

/** What a saga's part has asked for and not yet got. */
export type Pending = { readonly timers: readonly PendingTimer[]; readonly effects: readonly PendingEffect[] }

type Row = {
  readonly sagaId: string
  readonly seq: number
  readonly now: number
  readonly trace: TraceContext
  readonly effects: Readonly<Record<string, Effect<unknown>>>
}

export function pendingOf(head: Head | null): Pending {
  return { timers: head?.timers ?? [], effects: head?.effects ?? [] }
}

/** What is pending after a move of the machine: requests in their order, then the effects of states that were left. */
export function settle(pending: Pending, move: Move, row: Row): Pending {
  let { timers, effects } = pending
  for (const request of move.requests) {
    if (request.kind === 'timer') {
      const dueAt = row.now + Math.max(0, request.delay)
      const timer = {
        key: `${request.id}@${row.seq}`,
        id: request.id,
        event: request.event,
        dueAt,
        trace: row.trace,
      }
      timers = [...without(timers, request.id), timer]
    } else if (request.kind === 'cancel timer') {
      timers = without(timers, request.id)
    } else if (request.kind === 'effect') {
      effects = [...without(effects, request.id), start(request, row)]
    }
  }
  return { timers, effects: effects.filter((effect) => move.invoking.has(effect.id)) }
}

function without<T extends { readonly id: string }>(pending: readonly T[], id: string): T[] {
  return pending.filter((item) => item.id !== id)
}

function start({ id, src, input }: { id: string; src: string; input: unknown }, row: Row): PendingEffect {
  const deadline = row.effects[src]?.deadline
  return {
    key: `${id}@${row.seq}`,
    id,
    src,
    input,
    idempotencyKey: `${row.sagaId}:${row.seq}/${id}`,
    startedAt: row.now,
    ...(deadline !== undefined && { deadlineAt: row.now + deadline }),
    failures: 0,
    notBefore: row.now,
    trace: row.trace,
  }
}
