/** The parts of XState's `machine.definition`, as it comes through JSON, that are read here. */
type StateDefinition = {
  readonly on?: Readonly<Record<string, readonly TransitionDefinition[]>>
  readonly states?: Readonly<Record<string, StateDefinition>>
  readonly tags?: readonly string[]
}

type TransitionDefinition = {
  readonly target?: readonly string[]
  /** Inline functions are lost on the way through JSON, but their number is not. */
  readonly actions?: readonly unknown[]
  /** Of an `after`: the name of the delay, or its milliseconds. */
  readonly delay?: string | number
}

/** The event types that would change something in this state. Events that are declared only to be ignored are not among them. */
export function awaitedEvents(definition: unknown, value: unknown): string[] {
  // A deeper state's word on an event replaces that of the states around it.
  const changes = new Map<string, boolean>()
  for (const { on = {} } of activeStates(definition, value)) {
    for (const [type, transitions] of Object.entries(on))
      changes.set(type, transitions.some(changesSomething))
  }
  return [...changes]
    .filter(([type, changing]) => changing && !type.startsWith('xstate.'))
    .map(([type]) => type)
}

/** The name that the machine gives to the delay behind this timer event, e.g. `patience` or `500 ms`; else the event's own type. */
export function delayName(definition: unknown, value: unknown, event: string): string {
  const [delay] = activeStates(definition, value).flatMap(({ on = {} }) => on[event]?.[0]?.delay ?? [])
  if (typeof delay === 'number') return `${delay} ms`
  return delay ?? event
}

/** Whether an active state carries this tag. */
export function hasTag(definition: unknown, value: unknown, tag: string): boolean {
  return activeStates(definition, value).some(({ tags = [] }) => tags.includes(tag))
}

/** A state value in one word: `waiting`, `cooking.raw`, `left.on, right.off`. */
export function stateName(value: unknown): string {
  return leaves(value).join(', ')
}

function leaves(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [String(value)]
  const children = Object.entries(value)
  return children.flatMap(([key, child]) => {
    const below = typeof child === 'object' && Object.keys(child ?? {}).length === 0 ? [] : leaves(child)
    return below.length === 0 ? [key] : below.map((name) => `${key}.${name}`)
  })
}

/** From the outermost to the innermost. */
function activeStates(definition: unknown, value: unknown): StateDefinition[] {
  const state = definition as StateDefinition | undefined
  if (!state) return []
  const children = typeof value === 'string' ? { [value]: {} } : ((value ?? {}) as Record<string, unknown>)
  return [
    state,
    ...Object.entries(children).flatMap(([key, child]) => activeStates(state.states?.[key], child)),
  ]
}

function changesSomething({ target, actions }: TransitionDefinition): boolean {
  return (target?.length ?? 0) > 0 || (actions?.length ?? 0) > 0
}
