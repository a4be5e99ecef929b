import type { JournalRow, MachineState } from '../journal.ts'
import { type Edge, edgesOf } from '../machine/edges.ts'
import type { Participant } from '../participant.ts'

/** How often each transition of a participant's newest machine was taken. */
export type EdgeCount = {
  /** Takes in all rows of one saga's part, in their order. */
  add(rows: readonly JournalRow[]): void
  /** `<participant>.<edge>` → rows that took it, 0 for those that none has taken. */
  counts(): Readonly<Record<string, number>>
}

/** A row that took in deferred events too counts for none: which way it went does not show. */
export function edgeCount(part: Participant): EdgeCount {
  const initial = part.programs.get(part.version)?.start({ ...part.input, sagaId: '' }).state
  const edges = [...edgesOf(part.machine).values()]
  const counts = new Map(edges.map((edge) => [edge, 0]))
  const known = new Map<string, Edge | undefined>()

  function edgeOf(before: MachineState, event: string, after: MachineState): Edge | undefined {
    const key = JSON.stringify([before.value, event, after.value])
    if (!known.has(key)) known.set(key, find(edges, before, event, after))
    return known.get(key)
  }

  return {
    add(rows) {
      const timers = new Map<string, string>()
      let before = initial
      for (const row of rows) {
        const event = eventOf(row, timers)
        for (const timer of row.timers.started) timers.set(timer.key, timer.event)
        const alone = row.consumed.length <= 1 && (row.outcome === 'applied' || row.outcome === 'ignored')
        const edge = event && alone && before && row.state ? edgeOf(before, event, row.state) : undefined
        if (edge) counts.set(edge, (counts.get(edge) ?? 0) + 1)
        before = row.state ?? before
      }
    },
    counts: () =>
      Object.fromEntries(
        [...counts].map(([{ id, to }, count]) => [`${part.name}.${id} → ${to ?? 'stays'}`, count]),
      ),
  }
}

function eventOf({ cause }: JournalRow, timers: ReadonlyMap<string, string>): string | undefined {
  if (cause.kind === 'event') return cause.type
  if (cause.kind === 'timer') return timers.get(cause.id)
  if (cause.kind !== 'answer') return undefined
  return `xstate.${cause.status}.actor.${cause.id.slice(0, cause.id.lastIndexOf('@'))}`
}

/** Of those that the event could take, the innermost one that leads to the state after it. */
function find(
  edges: readonly Edge[],
  before: MachineState,
  event: string,
  after: MachineState,
): Edge | undefined {
  if (before.status !== 'active') return undefined
  const from = pathsIn(before.value)
  const to = pathsIn(after.value)
  const stayed = JSON.stringify(before.value) === JSON.stringify(after.value)
  return edges
    .filter((edge) => edge.event === event && from.has(edge.from))
    .filter((edge) => (edge.to === null ? stayed : edge.to.split(' + ').every((path) => to.has(path))))
    .sort((a, b) => b.from.length - a.from.length)[0]
}

/** Of every state that is active, the root's empty one too. */
function pathsIn(value: unknown, path = ''): Set<string> {
  const below = (name: string, rest: unknown) => pathsIn(rest, path === '' ? name : `${path}.${name}`)
  if (typeof value === 'string') return new Set([path, ...below(value, null)])
  return new Set([path, ...Object.entries(value ?? {}).flatMap(([name, rest]) => [...below(name, rest)])])
}
