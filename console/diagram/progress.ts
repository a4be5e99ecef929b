import { isWithin, leavesOf, type Machine, type State, type Way } from './machine.ts'

/**
 * Where a state stands in one saga. `next` is one step away, `possible` can still come, `closed` cannot come any more. A state
 * that was visited and may come again is `visited`.
 */
export type Standing = 'current' | 'visited' | 'next' | 'possible' | 'closed'

export type Progress = {
  readonly standing: (state: State) => Standing
  /** Whether the saga went this way, may go it as its next step, later, or no more. */
  readonly going: (way: Way) => 'taken' | 'next' | 'possible' | 'closed'
}

/**
 * What a saga has done in a machine, and what it still can do. `path`: the names of all states that it was in, oldest first
 * (`capturing.wanted`; parallel ones separated by `, `); the last one is the present one. An empty path has not begun.
 */
export function progressOf(machine: Machine, path: readonly string[]): Progress {
  const begun = path.length > 0
  const visits = path.map((name) => name.split(', '))
  const current = new Set(visits.at(-1))
  const visited = new Set(visits.flat())
  const taken = waysTaken(machine, visits)
  const steps = stepsFrom(machine, begun ? [...current] : leavesOf(machine, ''))

  function ofLeaf(leaf: string): Standing {
    if (current.has(leaf)) return 'current'
    if (visited.has(leaf) || (begun && taken.leaves.has(leaf))) return 'visited'
    const distance = steps.get(leaf)
    if (distance === undefined) return 'closed'
    return distance === 1 ? 'next' : 'possible'
  }

  return {
    standing: (state) =>
      order.find((standing) => leavesWithin(state).some((leaf) => ofLeaf(leaf) === standing)) ?? 'closed',
    going(way) {
      if (taken.ways.has(way)) return 'taken'
      const sources = [...steps].filter(([leaf]) => isWithin(leaf, way.from))
      if (sources.length === 0) return 'closed'
      return sources.some(([, distance]) => distance === 0) ? 'next' : 'possible'
    },
  }
}

const order: readonly Standing[] = ['current', 'visited', 'next', 'possible', 'closed']

function leavesWithin(state: State): string[] {
  return state.children.length === 0 ? [state.path] : state.children.flatMap(leavesWithin)
}

/** Each state that can be reached, by the number of steps to it; 0 for where it begins. */
function stepsFrom(machine: Machine, begin: readonly string[]): Map<string, number> {
  const steps = new Map(begin.map((leaf) => [leaf, 0]))
  for (let edge = begin, distance = 1; edge.length > 0; distance++) {
    edge = edge
      .flatMap((leaf) => leading(machine, leaf).flatMap(({ to }) => leavesOf(machine, to)))
      .filter((leaf) => !steps.has(leaf))
    for (const leaf of edge) steps.set(leaf, distance)
  }
  return steps
}

function leading({ ways }: Machine, leaf: string): Way[] {
  return ways.filter(({ from }) => isWithin(leaf, from))
}

/**
 * The ways that connect the visits. One step may have gone several ways at once, through states in which nobody saw the saga:
 * then the shortest of them counts.
 */
function waysTaken(machine: Machine, visits: readonly (readonly string[])[]) {
  const ways = new Set<Way>()
  const leaves = new Set<string>()
  const all = [leavesOf(machine, ''), ...visits]
  for (const [i, here] of all.entries()) {
    const before = all[i - 1]
    if (!before) continue
    for (const start of before.filter((leaf) => !here.includes(leaf))) {
      for (const way of shortest(machine, start, here)) {
        ways.add(way)
        for (const leaf of [start, ...leavesOf(machine, way.to)]) leaves.add(leaf)
      }
    }
  }
  return { ways, leaves }
}

function shortest(machine: Machine, start: string, ends: readonly string[]): readonly Way[] {
  const routes = new Map<string, readonly Way[]>([[start, []]])
  for (const [leaf, route] of routes) {
    for (const way of leading(machine, leaf)) {
      for (const next of leavesOf(machine, way.to)) {
        if (ends.includes(next)) return [...route, way]
        if (!routes.has(next)) routes.set(next, [...route, way])
      }
    }
  }
  return []
}
