import type { AnyStateNode } from 'xstate'

/**
 * The event types that some state reachable from these active nodes declares. Guards are not evaluated, so it errs towards
 * "reachable": an event is kept too long rather than dropped too early.
 */
export function reachableEvents(active: readonly AnyStateNode[]): Set<string> {
  const entered = new Set<AnyStateNode>()
  const queue = active.flatMap(targets)
  for (let node = queue.pop(); node; node = queue.pop()) {
    if (entered.has(node)) continue
    entered.add(node)
    queue.push(...targets(node), ...enteredWith(node))
  }
  return new Set([...entered].flatMap((node) => [...node.transitions.keys()]))
}

function targets(node: AnyStateNode): AnyStateNode[] {
  const transitions = [...[...node.transitions.values()].flat(), ...(node.always ?? [])]
  return transitions.flatMap((transition) => [...(transition.target ?? [])])
}

/** Entering a node activates its ancestors and its initial descendants; a history state may bring back any sibling. */
function enteredWith(node: AnyStateNode): AnyStateNode[] {
  const ancestors = node.parent ? [node.parent] : []
  const children = Object.values(node.states)
  if (node.type === 'parallel') return [...ancestors, ...children]
  if (node.type === 'compound') return [...ancestors, ...(node.initial.target as AnyStateNode[])]
  if (node.type === 'history')
    return [...ancestors, ...Object.values(node.parent?.states ?? {}).filter((n) => n !== node)]
  return ancestors
}
