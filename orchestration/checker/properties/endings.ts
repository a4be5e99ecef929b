import type { JointState } from '../joint-state.ts'
import { absent } from '../part.ts'
import { type Explored, type Finding, firstOfEach, type Property, told, whereIs } from '../property.ts'
import { storyOf } from '../story.ts'

/** Whatever has happened, what will happen by itself, or by an operator whenever one is needed, can still bring a declared outcome. */
export const endingsAreReached: Property = {
  promises: 'from every state a declared outcome can still be reached',
  watch(explored) {
    const { system, graph } = explored
    return {
      findings() {
        const canEnd = graph.canReach((id) => isEnded(explored, graph.state(id)))
        const found = firstOfEach()
        let first: number | undefined
        for (let id = 0; id < graph.size; id++) {
          if (canEnd(id)) continue
          const state = graph.state(id)
          if (waiting(explored, state).length > 0) first ??= id
          if (system.isAtRest(state)) found.add(culprits(explored, state), () => stuck(explored, id))
        }
        const stuckOnes = found.all()
        return stuckOnes.length === 0 && first !== undefined ? [restless(explored, first)] : stuckOnes
      },
    }
  },
}

/** Of all joint states in which the same participants wait in the same states one is told. */
function culprits(explored: Explored, state: JointState): string {
  const scene = explored.system.sceneOf(state)
  const names = waiting(explored, state).map((member) => whereIs(explored, state, member))
  return names.length === 0 ? told(scene) : JSON.stringify(names)
}

/** Numbers of the participants that have begun and have not ended. */
function waiting({ system }: Explored, state: JointState): number[] {
  return [...system.parts.entries()]
    .filter(([member, part]) => part.local(state[member] ?? absent).state?.status === 'active')
    .map(([member]) => member)
}

/** Nothing is on its way, and all parts are where an outcome says; or nobody has begun anything. */
function isEnded({ system }: Explored, state: JointState): boolean {
  if (!system.isAtRest(state)) return false
  return (
    system.parts.every((_, member) => state[member] === absent) || outcomesOf({ system }, state).length > 0
  )
}

/** Names of the outcomes that a joint state fits. */
export function outcomesOf({ system }: Pick<Explored, 'system'>, state: JointState): string[] {
  const scene = system.sceneOf(state)
  return Object.entries(system.cast.outcomes).flatMap(([name, states]) =>
    Object.entries(scene).every(([participant, is]) => states[participant]?.includes(is)) ? [name] : [],
  )
}

function stuck(explored: Explored, id: number): Finding {
  const { system, graph } = explored
  const state = graph.state(id)
  const story = storyOf(system, graph, id)
  const scene = told(system.sceneOf(state))
  const members = waiting(explored, state)
  if (members.length === 0) return { says: `it ends as no outcome declares: ${scene}`, story }
  const waits = members.map((member) => {
    const { participant, state: name } = whereIs(explored, state, member)
    return `${participant} waits in "${name}" for ${wanted(explored, state, member)}`
  })
  // Whoever moved last is nearest to the mistake.
  const last = story.happenings.findLast(({ state }) => state !== undefined)?.to
  const places = members.map((member) => whereIs(explored, state, member))
  const where = places.find(({ participant }) => participant === last) ?? places[0]
  const says = `${waits.join(', ')}, and nothing that can still happen brings that: ${scene}`
  return { says, ...(where && { where }), story }
}

const most = 3

/** The events that a participant would take in. */
function wanted({ system }: Explored, state: JointState, member: number): string {
  const part = system.parts[member]
  const { state: machineState } = part?.local(state[member] ?? absent) ?? {}
  const program = part?.participant.programs.get(part.participant.version)
  const types = [...(part?.participant.listensTo ?? [])]
  const declared = types.filter((type) => machineState && program?.declares(machineState, type))
  if (declared.length > most)
    return `${declared.slice(0, most).join(', ')} or ${declared.length - most} others`
  return declared.join(' or ') || 'nothing at all'
}

function restless({ system, graph }: Explored, id: number): Finding {
  const scene = told(system.sceneOf(graph.state(id)))
  return { says: `it goes on for ever and never ends: ${scene}`, story: storyOf(system, graph, id) }
}
