import { eventName } from '../machine/event-name.ts'
import type { Graph } from './graph.ts'
import { nothingStarted, sceneName } from './local.ts'
import { type Move, visitMoves } from './moves.ts'
import { absent, type Step } from './part.ts'
import type { System } from './system.ts'

/** One line of a story, in a person's words. `to` is whose part moves, or `outside`. */
export type Happening = {
  readonly from: string
  readonly to: string
  /** What happens: an event's type, a timer, an answer. */
  readonly what: string
  readonly kind: Move['kind']
  /** The part's state before and after, where it moves. */
  readonly state?: { readonly before: string; readonly after: string }
  /** The event is kept for later, or nothing comes of it. */
  readonly outcome?: Step['outcome']
  /** Types of the events that are said. */
  readonly says: readonly string[]
}

export const outside = 'outside'

/** How something came about. */
export type Story = {
  /** Everybody who speaks or moves in it: whoever comes from outside first, then the members in their order. */
  readonly columns: readonly string[]
  readonly happenings: readonly Happening[]
}

/** How a state came about: the shortest way from the beginning. With `last`, one more move from there. */
export function storyOf(system: System, graph: Graph, id: number, last?: Move): Story {
  const way: number[] = []
  for (let at = id; at >= 0; at = graph.parent(at)) way.unshift(at)
  const told = way.slice(1).map((to, index) => {
    const from = way[index] ?? 0
    return happening(system, graph.state(from), moveBetween(system, graph.state(from), graph.state(to)))
  })
  const happenings = last ? [...told, happening(system, graph.state(id), last)] : told
  return { happenings, columns: columnsOf(system, happenings) }
}

function columnsOf({ parts }: System, happenings: readonly Happening[]): string[] {
  const members = parts.map(({ participant }) => participant.name)
  const seen = new Set(happenings.flatMap(({ kind, from, to }) => (kind === 'said' ? [] : [from, to])))
  const others = [...seen].filter((name) => name !== outside && !members.includes(name))
  return [...others, ...members.filter((name) => seen.has(name))]
}

/** Moves are not kept: one that leads from here to there is found again. */
function moveBetween(system: System, from: readonly number[], to: readonly number[]): Move {
  let found: Move | undefined
  visitMoves(system, from, (after, move) => {
    if (!found && after.every((number, place) => number === to[place])) found = move
  })
  if (!found)
    throw new Error(
      'a step of the exploration cannot be repeated: a guard, an assign or the outside is not pure',
    )
  return found
}

function happening(system: System, before: readonly number[], move: Move): Happening {
  const name = (member: number) => system.parts[member]?.participant.name ?? ''
  const typeOf = (event: number) => system.said.valueOf(event).type
  switch (move.kind) {
    case 'said': {
      const { from, type } = move.saying
      return { kind: 'said', from, to: outside, what: type, says: [type] }
    }
    case 'heard': {
      const from = system.said.valueOf(move.event).from
      const what = `${typeOf(move.event)}${move.again ? ', which will come once more' : ''}`
      return { kind: 'heard', from, to: name(move.member), what, ...moved(system, before, move) }
    }
    case 'timer':
      return {
        kind: 'timer',
        from: name(move.member),
        to: name(move.member),
        what: eventName(move.timer),
        ...moved(system, before, move),
      }
    case 'answered': {
      const what = `${move.call.id}: ${answerIn(move.answer.value)}`
      return { kind: 'answered', from: outside, to: name(move.member), what, ...moved(system, before, move) }
    }
    case 'unanswered':
      return {
        kind: 'unanswered',
        from: name(move.member),
        to: outside,
        what: `${move.call.id} is done, its answer is lost`,
        says: [],
      }
    case 'late':
      return { kind: 'late', from: outside, to: outside, what: `a late ${move.call.src} arrives`, says: [] }
  }
}

function moved(
  { parts, said }: System,
  before: readonly number[],
  { member, step }: { readonly member: number; readonly step: Step },
): Pick<Happening, 'state' | 'outcome' | 'says'> {
  const stateOf = (id: number) => sceneName(parts[member]?.local(id) ?? nothingStarted)
  return {
    state: { before: stateOf(before[member] ?? absent), after: stateOf(step.after) },
    outcome: step.outcome,
    says: step.emitted.map((event) => said.valueOf(event).type),
  }
}

/** What tells one answer from another is nearly always its status or its message. */
function answerIn(value: unknown): string {
  const { status, message } = (value ?? {}) as { readonly status?: unknown; readonly message?: unknown }
  const told = status ?? message ?? JSON.stringify(value) ?? 'done'
  return String(told)
}
