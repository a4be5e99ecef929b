import { edgesOf } from '../machine/edges.ts'
import type { Cast } from './cast.ts'
import { explore } from './explore.ts'
import { createGraph } from './graph.ts'
import { debtorsAreNotFinal } from './properties/compensations.ts'
import { outcomesArePossible, transitionsAreTaken } from './properties/coverage.ts'
import { endingsAreReached } from './properties/endings.ts'
import { everybodyIsHeard } from './properties/hearing.ts'
import { invariantsHold } from './properties/invariants.ts'
import { machinesGoOn } from './properties/machines.ts'
import type { Finding, Property } from './property.ts'
import { systemOf } from './system.ts'

/** What was found out about a choreography. */
export type Report = {
  readonly name: string
  /** Joint states that were seen, and steps between them. */
  readonly states: number
  readonly steps: number
  /** Different steps of single participants; each was tried a second time as well, as after a crash. */
  readonly participantSteps: number
  /** Transitions of all machines together. */
  readonly transitions: { readonly taken: number; readonly all: number }
  readonly maxStates: number
  /** False when there were more than `maxStates`: then only what was seen is told about, and nothing is proven. */
  readonly complete: boolean
  /** Milliseconds. */
  readonly took: number
  /** Each property with what is wrong about it; shortest stories first. */
  readonly properties: readonly Judgement[]
  /** All was seen, and nothing is wrong. */
  readonly isSound: boolean
}

type Judgement = {
  readonly promises: string
  /** False for what only the whole could tell, when not all was seen. */
  readonly isJudged: boolean
  readonly findings: readonly Finding[]
}

/** Those that can be judged on the way, and those that need to know every state. */
const always: readonly Property[] = [machinesGoOn, invariantsHold, debtorsAreNotFinal]
const atTheEnd: readonly Property[] = [
  endingsAreReached,
  everybodyIsHeard,
  outcomesArePossible,
  transitionsAreTaken,
]

/**
 * Explores a choreography breadth first over its real machines: events in any order that Kafka allows, repeats, every answer of
 * every effect or none, timers at any moment, a crash after every step. The same cast gives the same report. Throws an error for a cast
 * that cannot be explored: an effect of which it does not say how a call may go, or a guard that is not pure.
 */
export function checkChoreography<World>(cast: Cast<World>, { maxStates = 3_000_000 } = {}): Report {
  const began = performance.now()
  const system = systemOf(cast)
  const graph = createGraph(system.initial.length)
  const watched = [...always, ...atTheEnd].map((property) => ({
    property,
    watch: property.watch({ system, graph }),
  }))
  const complete = explore(
    system,
    graph,
    watched.map(({ watch }) => watch),
    maxStates,
  )
  const properties = watched.map(({ property, watch }): Judgement => {
    const isJudged = complete || always.includes(property)
    return { promises: property.promises, isJudged, findings: isJudged ? watch.findings() : [] }
  })
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
  return {
    name: cast.name,
    states: graph.size,
    steps: graph.edges,
    participantSteps: sum(system.parts.map((part) => part.steps())),
    transitions: {
      taken: sum(system.parts.map((part) => part.taken.size)),
      all: sum(cast.members.map(({ part }) => edgesOf(part.machine).size)),
    },
    maxStates,
    complete,
    properties,
    isSound: complete && properties.every(({ findings }) => findings.length === 0),
    took: performance.now() - began,
  }
}
