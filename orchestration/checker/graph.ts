/** Joint states by number, in the order in which they were found, and the steps between them. Numbers only: there may be millions. */
export type Graph = {
  readonly size: number
  readonly edges: number
  /** The state's number; a new one is remembered as found from `parent`. */
  add(state: readonly number[], parent: number): { readonly id: number; readonly isNew: boolean }
  state(id: number): readonly number[]
  parent(id: number): number
  /** Steps are linked in the order of their first states. */
  link(from: number, to: number): void
  /** For each state whether one of `goals` can be reached from it. */
  canReach(goals: (id: number) => boolean): (id: number) => boolean
}

export function createGraph(width: number): Graph {
  const ids = new Map<string, number>()
  const states = numbers(Uint16Array)
  const parents = numbers(Int32Array)
  const from = numbers(Int32Array)
  const to = numbers(Int32Array)

  function state(id: number): number[] {
    const found = new Array<number>(width)
    for (let place = 0; place < width; place++) found[place] = states.at(id * width + place)
    return found
  }

  return {
    get size() {
      return parents.length
    },
    get edges() {
      return from.length
    },
    add(state, parent) {
      const key = String.fromCharCode(...state)
      const known = ids.get(key)
      if (known !== undefined) return { id: known, isNew: false }
      const id = parents.length
      ids.set(key, id)
      parents.push(parent)
      for (const number of state) states.push(number)
      return { id, isNew: true }
    },
    state,
    parent: (id) => parents.at(id),
    link(first, second) {
      from.push(first)
      to.push(second)
    },
    canReach(goals) {
      const before = incoming(parents.length, from, to)
      const reached = new Uint8Array(parents.length)
      const queue: number[] = []
      const reach = (id: number) => {
        if (reached[id]) return
        reached[id] = 1
        queue.push(id)
      }
      for (let id = 0; id < parents.length; id++) if (goals(id)) reach(id)
      for (let id = queue.pop(); id !== undefined; id = queue.pop()) before(id, reach)
      return (id) => reached[id] === 1
    },
  }
}

type Numbers = { readonly length: number; at(index: number): number; push(number: number): void }

/** A typed array that grows. */
function numbers(Type: Int32ArrayConstructor | Uint16ArrayConstructor): Numbers {
  let held = new Type(1_024)
  let length = 0
  return {
    get length() {
      return length
    },
    at: (index) => held[index] ?? 0,
    push(number) {
      if (length === held.length) {
        const larger = new Type(2 * length)
        larger.set(held)
        held = larger
      }
      held[length++] = number
    },
  }
}

/** The steps into each state, as one array sorted by where they lead. */
function incoming(size: number, from: Numbers, to: Numbers) {
  const begins = new Int32Array(size + 1)
  for (let step = 0; step < to.length; step++) begins[to.at(step) + 1] = (begins[to.at(step) + 1] ?? 0) + 1
  for (let id = 0; id < size; id++) begins[id + 1] = (begins[id + 1] ?? 0) + (begins[id] ?? 0)
  const next = begins.slice()
  const sources = new Int32Array(to.length)
  for (let step = 0; step < to.length; step++) {
    const place = next[to.at(step)] ?? 0
    sources[place] = from.at(step)
    next[to.at(step)] = place + 1
  }
  return (id: number, visit: (source: number) => void) => {
    for (let place = begins[id] ?? 0; place < (begins[id + 1] ?? 0); place++) visit(sources[place] ?? 0)
  }
}
