import { absent } from '../part.ts'
import { firstOfEach, type Property, whereIs } from '../property.ts'
import { storyOf } from '../story.ts'

/** A final state ignores every event: whoever may still be asked to give something back must not be in one. */
export const debtorsAreNotFinal: Property = {
  promises: 'who can still be asked to give something back is not final',
  watch(explored) {
    const { system, graph } = explored
    const found = firstOfEach()
    return {
      move(id, state, move) {
        if (move.kind !== 'heard') return
        const local = system.parts[move.member]?.local(state[move.member] ?? absent)
        if (local?.state?.status !== 'done') return
        const { type } = system.said.valueOf(move.event)
        const settled = system.cast.members[move.member]?.compensations?.[type]
        const where = whereIs(explored, state, move.member)
        if (!settled || settled.includes(where.state)) return
        const says = `${where.participant} is final in "${where.state}" when ${type} comes: nobody gives back what it still has`
        found.add(says, () => ({ says, where, story: storyOf(system, graph, id, move) }))
      },
      findings: found.all,
    }
  },
}
