import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type AnyStateNode,
  getNextTransitions,
  initialTransition,
  transition,
} from 'xstate'
import type { MachineState } from '../journal.ts'
import { type Edge, edgesOf } from './edges.ts'
import { plain } from './plain.ts'
import { reachableEvents } from './reachability.ts'

/** What one transition asks for, in the machine's own order. */
export type Request =
  | { readonly kind: 'emit'; readonly event: { readonly type: string } & Readonly<Record<string, unknown>> }
  | { readonly kind: 'timer'; readonly id: string; readonly event: string; readonly delay: number }
  | { readonly kind: 'cancel timer'; readonly id: string }
  | { readonly kind: 'effect'; readonly id: string; readonly src: string; readonly input: unknown }

export type Move = {
  readonly state: MachineState
  readonly requests: readonly Request[]
  /** Invoke ids of the states that are active now: a pending effect outside of it is cancelled. */
  readonly invoking: ReadonlySet<string>
  /** False when nothing at all came of the event: no request, same value, same context. */
  readonly changed: boolean
}

/**
 * An XState machine as pure functions over JSON states. Nothing is executed, nothing is kept: the snapshot is rebuilt from
 * the stored state before every move, hot or cold, so both take one path. Throws what the machine's own guards, assigns,
 * delays and emits throw.
 */
export type Program = {
  start(input: Readonly<Record<string, unknown>>): Move
  apply(state: MachineState, event: { readonly type: string }): Move
  /** The transitions in the machine's text that the event takes from this state. Throws what the machine's guards throw. */
  taken(state: MachineState, event: { readonly type: string }): readonly Edge[]
  /** The state has a transition for this event (its guards may still refuse). */
  declares(state: MachineState, type: string): boolean
  /** Some state that can follow has one. */
  mayDeclareLater(state: MachineState, type: string): boolean
  /** Event types of the timers and ids of the effects that entering this state would have begun. Throws when the machine has no such state. */
  work(state: MachineState): readonly string[]
}

export function compile(machine: AnyStateMachine): Program {
  const declaredBy = new Map<string, ReadonlySet<string>>()
  const reachableBy = new Map<string, ReadonlySet<string>>()
  const started = startedOnce(machine)
  let edges: ReturnType<typeof edgesOf> | undefined

  const cached = (
    cache: Map<string, ReadonlySet<string>>,
    state: MachineState,
    find: (snapshot: AnyMachineSnapshot) => ReadonlySet<string>,
  ) => {
    const key = JSON.stringify([state.value, state.history])
    const types = cache.get(key) ?? find(restore(machine, state))
    cache.set(key, types)
    return types
  }

  return {
    start(input) {
      const [snapshot, actions] = initialTransition(started, input)
      return move(snapshot as AnyMachineSnapshot, actions as readonly ExecutableAction[], true)
    },
    apply(state, event) {
      const before = restore(machine, state)
      const [after, actions] = transition(started, before, event) as unknown as [
        AnyMachineSnapshot,
        readonly ExecutableAction[],
      ]
      const changed =
        actions.length > 0 ||
        after.context !== before.context ||
        after.status !== before.status ||
        !sameValue(before, after)
      return move(after, actions, changed)
    },
    taken(state, event) {
      edges ??= edgesOf(machine)
      const transitions = machine.getTransitionData(restore(machine, state), event)
      return transitions.flatMap((transition) => edges?.get(transition) ?? [])
    },
    declares(state, type) {
      if (state.status !== 'active') return false
      return cached(declaredBy, state, (s) => new Set(getNextTransitions(s).map((t) => t.eventType))).has(
        type,
      )
    },
    mayDeclareLater(state, type) {
      if (state.status !== 'active') return false
      return cached(reachableBy, state, (s) => reachableEvents(nodesOf(s))).has(type)
    },
    work(state) {
      const snapshot = restore(machine, state)
      if (snapshot.status !== 'active') return []
      return nodesOf(snapshot).flatMap((node) => [
        ...node.invoke.map(({ id }) => id),
        ...[...node.transitions.keys()].filter((type) => type.startsWith('xstate.after.')),
      ])
    },
  }
}

/**
 * For each `transition()` and `initialTransition()` XState makes an actor, and for the actor an initial snapshot, of a machine that got
 * no input, and looks at neither. That is two thirds of a step's time, and the machine's own code would run on nothing.
 */
function startedOnce(machine: AnyStateMachine): AnyStateMachine {
  const getInitialSnapshot: AnyStateMachine['getInitialSnapshot'] = (scope, input) =>
    input === undefined
      ? ({ status: 'active' } as AnyMachineSnapshot)
      : machine.getInitialSnapshot(scope, input)
  return Object.create(machine, { getInitialSnapshot: { value: getInitialSnapshot } })
}

type ExecutableAction = { readonly type: string; readonly params: unknown }

function move(snapshot: AnyMachineSnapshot, actions: readonly ExecutableAction[], changed: boolean): Move {
  const active = snapshot.status === 'active' ? nodesOf(snapshot) : []
  const invoking = new Set(active.flatMap((node) => node.invoke.map((invoke) => invoke.id)))
  return { state: store(snapshot), requests: actions.flatMap(request), invoking, changed }
}

/** `xstate.stopChild` says nothing after a rebuild, and an immediate `raise` comes back already applied: both are skipped. */
function request(action: ExecutableAction): Request[] {
  // The five built-in actions and their parameters, as `transition()` of XState 5.33 returns them.
  const params = action.params as Record<string, unknown>
  switch (action.type) {
    case 'xstate.emit':
      return [{ kind: 'emit', event: plain(params.event as { type: string }, 'emit') }]
    case 'xstate.raise':
      return isImmediate(params as TimerParams) ? [] : [timer(params as TimerParams)]
    case 'xstate.cancel':
      return [{ kind: 'cancel timer', id: String(params.sendId) }]
    case 'xstate.spawnChild':
      return [
        {
          kind: 'effect',
          id: String(params.id),
          src: String(params.src),
          input: plain(params.input ?? null, 'input'),
        },
      ]
    case 'xstate.stopChild':
      return []
    default:
      throw new TypeError(`the machine asked for "${action.type}", which cannot be made durable`)
  }
}

type TimerParams = { readonly id: string; readonly event: { readonly type: string }; readonly delay: number }

/** An `after` whose delay came out as nothing is no immediate raise: it would be a timer that is never set. */
function isImmediate({ delay, event }: TimerParams): boolean {
  return delay === undefined && !event.type.startsWith('xstate.after.')
}

function timer({ id, event, delay }: TimerParams): Request {
  if (!Number.isFinite(delay))
    throw new TypeError(`the delay of "${event.type}" is ${delay}, not a number of milliseconds`)
  return { kind: 'timer', id, event: event.type, delay }
}

function store(snapshot: AnyMachineSnapshot): MachineState {
  const history = Object.entries(snapshot.historyValue)
  return {
    value: plain(snapshot.value, 'value'),
    context: plain(snapshot.context, 'context'),
    status: snapshot.status,
    ...(snapshot.output !== undefined && { output: plain(snapshot.output, 'output') }),
    ...(snapshot.error !== undefined && { error: String(snapshot.error) }),
    ...(history.length > 0 && {
      history: Object.fromEntries(history.map(([id, nodes]) => [id, nodes.map((n) => n.id)])),
    }),
  }
}

function restore(machine: AnyStateMachine, state: MachineState): AnyMachineSnapshot {
  const history = Object.entries(state.history ?? {})
  return machine.resolveState({
    value: state.value as never,
    context: state.context,
    status: state.status,
    output: state.output as never,
    error: state.error,
    historyValue: Object.fromEntries(
      history.map(([id, ids]) => [id, ids.map((n) => machine.getStateNodeById(n))]),
    ),
  })
}

/** `_nodes` is the one place where XState keeps the active state nodes; `getMeta`, `tags` and `can` are made from it. */
function nodesOf(snapshot: AnyMachineSnapshot): readonly AnyStateNode[] {
  return snapshot._nodes
}

function sameValue(a: AnyMachineSnapshot, b: AnyMachineSnapshot): boolean {
  return a === b || JSON.stringify(a.value) === JSON.stringify(b.value)
}
