import { firstOfEach, type Property, told } from '../property.ts'
import { storyOf } from '../story.ts'

export const invariantsHold: Property = {
  promises: 'every invariant holds in every moment',
  watch({ system, graph }) {
    const found = firstOfEach()
    return {
      state(id, state) {
        const scene = system.sceneOf(state)
        const world = system.worlds.valueOf(state[system.at.world] ?? 0)
        for (const { name, holds } of system.cast.invariants) {
          if (holds(scene, world)) continue
          const says = `"${name}" does not hold: ${told(scene)}, and outside it is ${JSON.stringify(world)}`
          found.add(name, () => ({ says, story: storyOf(system, graph, id) }))
        }
      },
      findings: found.all,
    }
  },
}
