import { outcomeOf, type Scene, topState } from '../../services/cast.ts'
import type { Evidence } from './evidence.ts'
import { names } from './parts.ts'
import { viewOf } from './view.ts'

/** In which state each participant's newest row left the order. */
export function sceneOf(evidence: Evidence, orderId: string): Scene {
  const { partOf } = viewOf(evidence)
  const states = names.map((name) => {
    const state = partOf(name, orderId)?.rows.at(-1)?.state
    return [name, state ? topState(state.value) : 'absent']
  })
  return Object.fromEntries(states) as Scene
}

/** The declared outcome that the order has, if its parts fit together as one. */
export function outcomeIn(evidence: Evidence, orderId: string): string | undefined {
  return outcomeOf(sceneOf(evidence, orderId))
}
