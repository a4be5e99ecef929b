import type { AnyStateMachine, AnyStateNode } from 'xstate'
import { eventName } from '#orchestration'

type Transition = {
  readonly eventType: string
  readonly target?: readonly AnyStateNode[]
  readonly guard?: unknown
}

/** A machine as a Mermaid state diagram. Events that are declared only to be ignored are left out. */
export function stateDiagram(machine: AnyStateMachine): string {
  return ['stateDiagram-v2', ...within(machine.root, 1)].join('\n')
}

function within(parent: AnyStateNode, depth: number): string[] {
  const children = Object.values(parent.states) as AnyStateNode[]
  const lines = [
    ...(parent.initial?.target ?? []).map((first: AnyStateNode) => `[*] --> ${name(first)}`),
    ...children.flatMap((child) => [...composite(child), ...arrows(child)]),
  ]
  return lines.map((line) => '  '.repeat(depth) + line)
}

function composite(node: AnyStateNode): string[] {
  if (node.type === 'atomic' || node.type === 'final') return []
  return [`state ${name(node)} {`, ...within(node, 1), '}']
}

/** One arrow for each pair of states, with everything that leads from the one to the other. */
function arrows(node: AnyStateNode): string[] {
  if (node.type === 'final') return [`${name(node)} --> [*]`]
  const transitions = [...node.transitions.values()].flat() as unknown as Transition[]
  const ways = transitions.flatMap(({ target, ...transition }) =>
    (target ?? []).map((next) => ({ to: name(next), by: label(transition) })),
  )
  return [...Map.groupBy(ways, ({ to }) => to)].map(
    ([to, several]) => `${name(node)} --> ${to} : ${several.map(({ by }) => by).join(', ')}`,
  )
}

function name(node: AnyStateNode): string {
  return node.path.join('_')
}

function label({ eventType, guard }: Transition): string {
  return typeof guard === 'string' ? `${eventName(eventType)} [${guard}]` : eventName(eventType)
}
