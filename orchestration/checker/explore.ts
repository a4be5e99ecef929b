import type { Graph } from './graph.ts'
import { type Move, visitMoves } from './moves.ts'
import type { Watch } from './property.ts'
import type { System } from './system.ts'

/**
 * Visits every joint state, nearest first, until all are visited or `maxStates` are known. Returns whether it saw all of them. From a
 * step that the runtime would not take nothing follows.
 */
export function explore(system: System, graph: Graph, watches: readonly Watch[], maxStates: number): boolean {
  function add(state: readonly number[], parent: number): number {
    const { id, isNew } = graph.add(state, parent)
    if (isNew) for (const watch of watches) watch.state?.(id, state)
    return id
  }

  add(system.initial, -1)
  for (let id = 0; id < graph.size; id++) {
    if (graph.size > maxStates) return false
    const state = graph.state(id)
    visitMoves(system, state, (after, move) => {
      for (const watch of watches) watch.move?.(id, state, move)
      if ('step' in move && move.step.broken !== undefined) return
      const next = add(after, id)
      if (isCertain(move)) graph.link(id, next)
    })
  }
  return true
}

/** Nobody may count on it that somebody outside says something, or that a call which nobody waits for arrives after all. */
function isCertain(move: Move): boolean {
  if (move.kind === 'said') return move.saying.times === 'whenever'
  return move.kind !== 'late' && !(move.kind === 'heard' && move.again)
}
