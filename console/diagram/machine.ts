/** A state of a machine, named by its path of keys: `capturing.wanted`. */
export type State = {
  readonly path: string
  readonly key: string
  readonly isFinal: boolean
  /** Tagged `compensation`: it undoes what was done. */
  readonly isCompensation: boolean
  readonly children: readonly State[]
}

/** A way from one state to another, with everything that leads along it, in words. */
export type Way = { readonly from: string; readonly to: string; readonly by: readonly string[] }

export type Machine = {
  readonly states: readonly State[]
  readonly ways: readonly Way[]
  /** Paths of the states that are entered by themselves: of the machine (`''`) and of each state with states inside. */
  readonly initial: Readonly<Record<string, readonly string[]>>
}

/** What is read of `machine.definition`, as it comes through JSON. */
type StateDefinition = {
  readonly id: string
  readonly key: string
  readonly type: 'atomic' | 'compound' | 'parallel' | 'final' | 'history'
  readonly initial?: { readonly target?: readonly string[] } | null
  readonly states: Readonly<Record<string, StateDefinition>>
  readonly on: Readonly<Record<string, readonly TransitionDefinition[]>>
  readonly tags?: readonly string[]
}

type TransitionDefinition = {
  readonly target?: readonly string[]
  /** Of an `after`: the name of the delay, or its milliseconds. */
  readonly delay?: string | number
}

/** The machine behind a definition as XState serialises it. Events that lead nowhere are left out. */
export function machineOf(definition: unknown): Machine {
  const root = definition as StateDefinition
  const all = [...within(root, '')]
  const pathOf = new Map(all.map(([path, { id }]) => [`#${id}`, path]))
  const targets = (names: readonly string[] = []) => names.flatMap((name) => pathOf.get(name) ?? [])
  return {
    states: children(root, ''),
    ways: all.flatMap(([from, state]) => ways(from, state, targets)),
    initial: Object.fromEntries(
      [['', root] as const, ...all]
        .filter(([, { states }]) => Object.keys(states).length > 0)
        .map(([path, state]) => [path, entered(path, state, targets)]),
    ),
  }
}

/** The innermost states that a state's own beginning leads to; a state with none inside leads to itself. */
export function leavesOf(machine: Machine, path: string): string[] {
  const inner = machine.initial[path] ?? []
  return inner.length === 0 ? [path] : inner.flatMap((child) => leavesOf(machine, child))
}

/** Whether `path` is `ancestor` or lies inside it. */
export function isWithin(path: string, ancestor: string): boolean {
  return path === ancestor || path.startsWith(`${ancestor}.`)
}

function* within(parent: StateDefinition, prefix: string): Generator<readonly [string, StateDefinition]> {
  for (const state of Object.values(parent.states)) {
    if (state.type === 'history') continue
    const path = prefix + state.key
    yield [path, state]
    yield* within(state, `${path}.`)
  }
}

function children(parent: StateDefinition, prefix: string): State[] {
  return Object.values(parent.states)
    .filter(({ type }) => type !== 'history')
    .map((state) => ({
      path: prefix + state.key,
      key: state.key,
      isFinal: state.type === 'final',
      isCompensation: state.tags?.includes('compensation') ?? false,
      children: children(state, `${prefix}${state.key}.`),
    }))
}

function entered(
  path: string,
  { type, initial, states }: StateDefinition,
  targets: (names?: readonly string[]) => string[],
): string[] {
  if (type !== 'parallel') return targets(initial?.target)
  return Object.keys(states).map((key) => (path === '' ? key : `${path}.${key}`))
}

function ways(
  from: string,
  { on }: StateDefinition,
  targets: (names?: readonly string[]) => string[],
): Way[] {
  const single = Object.entries(on).flatMap(([type, transitions]) =>
    transitions.flatMap(({ target, delay }) => targets(target).map((to) => ({ to, by: words(type, delay) }))),
  )
  return [...Map.groupBy(single, ({ to }) => to)].map(([to, several]) => ({
    from,
    to,
    by: [...new Set(several.map(({ by }) => by))],
  }))
}

/** XState's own event types in plain words. `delay`: the name that the machine gives to it, or its milliseconds. */
export function words(type: string, delay?: string | number): string {
  const [, kind, rest = ''] = /^xstate\.(done\.actor|error\.actor|done\.state|after)\.(.*)$/.exec(type) ?? []
  if (kind === 'done.actor') return `${rest} answers`
  if (kind === 'error.actor') return `${rest} fails`
  if (kind === 'done.state') return 'all of it is done'
  if (kind === 'after')
    return `after ${typeof delay === 'number' ? `${delay} ms` : (delay ?? rest.split('.')[0])}`
  return type
}
