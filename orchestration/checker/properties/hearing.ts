import { type Finding, firstOfEach, type Property, whereIs } from '../property.ts'
import { storyOf } from '../story.ts'

/** A typing error in an event's name, or a participant that nobody tells that it should begin. */
export const everybodyIsHeard: Property = {
  promises: 'what is said is heard by somebody, and what is waited for is said by somebody',
  watch(explored) {
    const { system, graph } = explored
    const speakers = new Map<string, string>()
    const heard = new Set<string>()
    const unstarted = firstOfEach()
    const isUnbounded = (type: string) =>
      system.sayings.some((saying) => saying.type === type && saying.times === 'whenever')
    return {
      move(id, state, move) {
        if (move.kind === 'said') speakers.set(move.saying.type, move.saying.from)
        if (!('step' in move)) return
        const { member, step } = move
        const participant = system.parts[member]?.participant.name ?? ''
        for (const event of step.emitted) speakers.set(system.said.valueOf(event).type, participant)
        if (move.kind === 'heard' && step.outcome !== 'ignored')
          heard.add(system.said.valueOf(move.event).type)
        // An operator may say a thing to whom it means nothing.
        for (const type of step.givenUp.filter((type) => !isUnbounded(type))) {
          const says = `${participant} is told ${type}, and nobody ever starts it: the event goes to the dead letters`
          const where = () => whereIs(explored, state, member)
          unstarted.add(says, () => ({ says, where: where(), story: storyOf(system, graph, id, move) }))
        }
      },
      findings() {
        const lost = [...speakers].filter(([type]) => !heard.has(type))
        const unheard = lost.map(
          ([type, from]): Finding => ({ says: `${from} says ${type}, and nothing ever comes of it` }),
        )
        const unsaid = system.cast.members.flatMap(({ part, file }) =>
          [...part.listensTo]
            .filter((type) => !speakers.has(type))
            .map((type): Finding => {
              const where = { participant: part.name, file, state: '' }
              return { says: `${part.name} waits for ${type}, which nobody ever says`, where }
            }),
        )
        return [...unstarted.all(), ...unheard, ...unsaid]
      },
    }
  },
}
