import type { AnyStateMachine, AnyStateNode } from 'xstate'

/** Every state node of a machine, the root first, in the order of its text. */
export function allNodes(machine: AnyStateMachine): AnyStateNode[] {
  const walk = (node: AnyStateNode): AnyStateNode[] => [node, ...Object.values(node.states).flatMap(walk)]
  return walk(machine.root)
}
