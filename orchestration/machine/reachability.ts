import type { AnyStateNode } from 'xstate'

/**
 * The event types that some state reachable from these active nodes declares. Guards are not evaluated, so it errs towards
 * "reachable": an event is kept too long rather than dropped too early.
 */
export function reachableEvents(active: readonly AnyStateNode[]): Set<string> {
  const entered = new Set<AnyStateNode>()
  const around = new Set<AnyStateNode>()
  const queue = active.flatMap(targets)
  for (let node = queue.pop(); node; node = queue.pop()) {
    if (entered.has(node)) continue
    entered.add(node)
    queue.push(...targets(node), ...within(node))
    for (let above = node.parent; above && !around.has(above); above = above.parent) {
      around.add(above)
      queue.push(...targets(above), ...(above.type === 'parallel' ? within(above) : []))
    }
  }
  return new Set([...entered, ...around].flatMap((node) => [...node.transitions.keys()]))
}

function targets(node: AnyStateNode): AnyStateNode[] {
  const transitions = [...[...node.transitions.values()].flat(), ...(node.always ?? [])]
  return transitions.flatMap((transition) => [...(transition.target ?? [])])
}

/** What becomes active inside a node that is entered. A history state may bring back anything beside it. */
function within(node: AnyStateNode): AnyStateNode[] {
  if (node.type === 'parallel') return Object.values(node.states)
  if (node.type === 'compound') return [...(node.initial.target as AnyStateNode[])]
  return node.type === 'history' && node.parent ? descendants(node.parent) : []
}

function descendants(node: AnyStateNode): AnyStateNode[] {
  return Object.values(node.states).flatMap((child) => [child, ...descendants(child)])
}
