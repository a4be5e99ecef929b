import type { AnyStateMachine, AnyTransitionDefinition } from 'xstate'
import { allNodes } from './nodes.ts'

/** One transition as it stands in the machine's text. Those of `always` go along with another one and are not told apart. */
export type Edge = {
  /** Unique within its machine. */
  readonly id: string
  /** Path of the state that has it, as in `booked.waiting`; empty for the root. */
  readonly from: string
  readonly event: string
  /** Path of the state that it leads to; `null` when it stays. */
  readonly to: string | null
}

/** Every transition of a machine, in the order of its text. */
export function edgesOf(machine: AnyStateMachine): ReadonlyMap<AnyTransitionDefinition, Edge> {
  const transitions = allNodes(machine).flatMap((node) =>
    [...node.transitions.values()].flatMap((sameEvent) =>
      sameEvent.map(
        (transition, index) => [transition, edgeOf(transition, index, sameEvent.length)] as const,
      ),
    ),
  )
  return new Map(transitions)
}

function edgeOf(transition: AnyTransitionDefinition, index: number, count: number): Edge {
  const from = transition.source.path.join('.')
  const to = transition.target?.map(({ path }) => path.join('.')).join(' + ') ?? null
  const choice = count > 1 ? ` (${index + 1} of ${count})` : ''
  return { id: `${from} · ${transition.eventType}${choice}`, from, event: transition.eventType, to }
}
