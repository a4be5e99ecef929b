import type { Asker } from '#messaging'
import { type Head, type JournalRow, stateName } from '#orchestration'
import { type OperatorContext, partsOf, type SagaPart, timeText } from '#orchestration/operations'
import type { Output } from '../output.ts'

const lastRows = 5

/** Tells where each part of a saga stands, what holds it and what it did last. */
export async function show(
  context: OperatorContext,
  sagaId: string,
  { output }: { readonly output: Output },
): Promise<number> {
  for (const part of await partsOf(context, sagaId)) {
    const { seq } = part.head
    const store = await context.infrastructure.store(part.participant)
    const ids = Array.from({ length: lastRows }, (_, i) => `${sagaId}:${seq - i}`)
    const rows = [...(await store.readRows(ids))].sort((a, b) => a.seq - b.seq)
    output.page(view(part, rows), lines(part, rows))
  }
  return 0
}

function view({ participant, head }: SagaPart, rows: readonly JournalRow[]): object {
  const { _id, seq, version, held = [], deferred, timers, effects, at } = head
  return {
    saga: _id,
    participant,
    version,
    state: stateText(head),
    seq,
    at: new Date(at).toISOString(),
    held,
    deferred: deferred.map(({ id, type }) => ({ id, type })),
    timers: timers.map(({ key, dueAt }) => ({ key, dueAt: new Date(dueAt).toISOString() })),
    effects: effects.map(({ key, failures, notBefore }) => ({
      key,
      failures,
      notBefore: new Date(notBefore).toISOString(),
    })),
    rows: rows.map(({ seq, at, cause, outcome }) => ({
      seq,
      at: new Date(at).toISOString(),
      cause: causeText(cause),
      outcome,
    })),
  }
}

function lines({ participant, head }: SagaPart, rows: readonly JournalRow[]): string[] {
  const { held = [], deferred, timers, effects, version, at } = head
  return [
    `${participant}  ${stateText(head)}  (version ${version}, last step ${timeText(at)})`,
    ...held.map(
      (hold) => `  held since ${timeText(hold.at)} by row ${hold.row}: ${hold.code}, ${hold.reason}`,
    ),
    ...deferred.map(({ type, id }) => `  waits inside: ${type} (${id})`),
    ...timers.map(({ id, dueAt }) => `  timer ${id} due ${timeText(dueAt)}`),
    ...effects.map(
      ({ id, failures, notBefore }) =>
        `  effect ${id}: ${failures} failed attempts, next not before ${timeText(notBefore)}`,
    ),
    ...rows.map(
      ({ seq, at, cause, outcome }) =>
        `  ${String(seq).padStart(4)}  ${timeText(at)}  ${outcome.padEnd(8)}  ${causeText(cause)}`,
    ),
  ]
}

function stateText({ state }: Head): string {
  if (state === null) return '(not started)'
  return `${stateName(state.value)}${state.status === 'done' ? ', finished' : ''}`
}

/** Who said it by hand, and why. */
function askedText({ by, reason }: Asker): string {
  return by === undefined ? '' : `, by ${by}: ${reason}`
}

/** Payloads stay where they are: what a row was about, without what it said. */
function causeText(cause: JournalRow['cause']): string {
  switch (cause.kind) {
    case 'event':
      return `${cause.type} from ${cause.source}${askedText(cause)}`
    case 'command':
      return `${cause.command} by ${cause.by}: ${cause.reason}${cause.error ? ` (${cause.error})` : ''}`
    case 'poison':
      return `a record that cannot be handled: ${cause.code}`
    default:
      return `${cause.kind} ${cause.id}`
  }
}
