import { firstOfEach, type Property, whereIs } from '../property.ts'
import { storyOf } from '../story.ts'

/** A machine that throws, or that takes a cause in a second time, would hold its saga until a person comes. */
export const machinesGoOn: Property = {
  promises: 'every machine takes in whatever it may be told, and a second time makes no difference',
  watch(explored) {
    const { system, graph } = explored
    const found = firstOfEach()
    return {
      move(id, state, move) {
        if (!('step' in move) || move.step.broken === undefined) return
        const where = whereIs(explored, state, move.member)
        const says = `${where.participant} cannot go on from "${where.state}": ${move.step.broken}`
        found.add(says, () => ({ says, where, story: storyOf(system, graph, id, move) }))
      },
      findings: found.all,
    }
  },
}
