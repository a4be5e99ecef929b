import { edgesOf } from '../../machine/edges.ts'
import type { Finding, Property } from '../property.ts'
import { outcomesOf } from './endings.ts'

export const outcomesArePossible: Property = {
  promises: 'every declared outcome can be reached',
  watch({ system, graph }) {
    return {
      findings() {
        const reached = new Set<string>()
        for (let id = 0; id < graph.size; id++) {
          const state = graph.state(id)
          if (system.isAtRest(state)) for (const name of outcomesOf({ system }, state)) reached.add(name)
        }
        const missed = Object.keys(system.cast.outcomes).filter((name) => !reached.has(name))
        return missed.map((name) => ({ says: `nothing that can happen ends as "${name}"` }))
      },
    }
  },
}

/** Code that no order of events can reach is a mistake, or a promise that is not kept. */
export const transitionsAreTaken: Property = {
  promises: 'every transition of every machine can be taken',
  watch({ system }) {
    return {
      findings: () =>
        system.cast.members.flatMap(({ part, file }, member) => {
          const taken = system.parts[member]?.taken
          const dead = [...edgesOf(part.machine).values()].filter(({ id }) => !taken?.has(id))
          return dead.map(({ id, from }): Finding => {
            const says = `no order of events takes the transition "${id}" of ${part.name}`
            return { says, where: { participant: part.name, file, state: from } }
          })
        }),
    }
  },
}
