import type { Edge } from './machine/edges.ts'
import type { Program } from './machine/program.ts'
import type { Participant } from './participant.ts'

/**
 * The same participant, which tells each transition that its machines take. It tells what is decided: of a step that is decided twice,
 * because the first time did not come to rest, twice.
 */
export function watchTransitions(part: Participant, onTaken: (edge: Edge) => void): Participant {
  const watched = (program: Program): Program => ({
    ...program,
    apply(state, event) {
      program.taken(state, event).forEach(onTaken)
      return program.apply(state, event)
    },
  })
  const programs = [...part.programs].map(([version, program]) => [version, watched(program)] as const)
  return { ...part, programs: new Map(programs) }
}
