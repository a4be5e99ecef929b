import { type AnyStateMachine, type AnyStateNode, fromPromise } from 'xstate'
import type { Contracts } from '#messaging'
import { dependencyFindings } from '../effects/dependency-gate.ts'
import type { Effect } from '../effects/effect.ts'
import { allNodes } from './nodes.ts'

type Definition = {
  readonly name: string
  readonly machine: AnyStateMachine
  readonly contracts: Contracts
  readonly effects: Readonly<Record<string, Effect<unknown>>>
}

/** Everything in the machine that could not survive a restart, each as a sentence that says what to write instead. */
export function findings({ name, machine, contracts, effects }: Definition): string[] {
  const nodes = allNodes(machine)
  return [
    ...nodes.flatMap((node) => eventFindings(node, contracts)),
    ...nodes.flatMap((node) => delayFindings(node, machine)),
    ...nodes.flatMap((node) =>
      actionsOf(node).flatMap((action) => actionFindings(node, action, { name, machine, contracts })),
    ),
    ...nodes.flatMap((node) =>
      invokesOf(node).flatMap((invoke) => invokeFindings(node, invoke, machine, effects)),
    ),
    ...repeatedInvokes(nodes),
    ...dependencyFindings(effects),
    ...Object.keys(effects)
      .filter((src) => !nodes.some((node) => invokesOf(node).some((invoke) => invoke.src === src)))
      .map((src) => `the effect "${src}" is invoked nowhere: remove it or invoke it`),
  ]
}

/** Every event type that some state of the machine names, without XState's own. */
export function eventTypesOf(machine: AnyStateMachine): string[] {
  return [...new Set(allNodes(machine).flatMap((node) => Object.keys(node.config.on ?? {})))]
}

function eventFindings(node: AnyStateNode, contracts: Contracts): string[] {
  return Object.keys(node.config.on ?? {}).flatMap((type) => {
    if (type.includes('*'))
      return [`"${node.id}" listens to "${type}": name each event, a wildcard has no topic`]
    if (type.startsWith('xstate.'))
      return [`"${node.id}" listens to "${type}": types that begin with "xstate." belong to XState`]
    if (!contracts.events[type])
      return [
        `"${node.id}" listens to "${type}", which no contract declares: add its schema to the contracts`,
      ]
    return []
  })
}

/** XState takes a delay that it does not know for no delay. */
function delayFindings(node: AnyStateNode, machine: AnyStateMachine): string[] {
  return Object.keys(node.config.after ?? {})
    .filter((delay) => Number.isNaN(Number(delay)) && !(delay in machine.implementations.delays))
    .map(
      (delay) =>
        `"${node.id}" waits for the delay "${delay}", which is nowhere: give it in setup({ delays })`,
    )
}

type Action = {
  readonly type?: string
  readonly event?: unknown
  readonly delay?: unknown
  readonly id?: string
}

function actionsOf(node: AnyStateNode): (Action | string)[] {
  const transitions = [...[...node.transitions.values()].flat(), ...(node.always ?? [])]
  const lists = [node.entry, node.exit, ...transitions.map((t) => t.actions), node.initial?.actions ?? []]
  return lists.flat() as unknown as (Action | string)[]
}

function actionFindings(
  node: AnyStateNode,
  action: Action | string,
  { name, machine, contracts }: Omit<Definition, 'effects'>,
): string[] {
  const named = typeof action === 'string' ? action : action.type
  const resolved = (machine.implementations.actions[named ?? ''] as Action | undefined) ?? action
  const where = `"${node.id}" runs`
  switch (typeof resolved === 'string' ? resolved : resolved.type) {
    case 'xstate.assign':
    case 'xstate.cancel':
      return []
    case 'xstate.emit':
      return emitFindings(node, resolved as Action, name, contracts)
    case 'xstate.raise':
      return isUserDelay(resolved as Action)
        ? [`${where} a delayed raise: write \`after\`, which is a durable timer`]
        : []
    case 'xstate.sendTo':
    case 'xstate.sendParent':
    case 'xstate.forwardTo':
      return [`${where} sendTo: emit an event instead, it travels through Kafka`]
    case 'xstate.spawnChild':
    case 'xstate.stopChild':
      return [`${where} spawnChild: use \`invoke\` with a named promise actor, it becomes a durable effect`]
    case 'xstate.enqueueActions':
      return [`${where} enqueueActions, whose actions cannot be seen beforehand: write guarded transitions`]
    default:
      return [
        `${where} the action "${named ?? '(inline function)'}", a side effect that a restart would lose or repeat: invoke an effect, or emit an event`,
      ]
  }
}

function emitFindings(node: AnyStateNode, action: Action, name: string, contracts: Contracts): string[] {
  const type = (action.event as { type?: string } | undefined)?.type
  if (typeof action.event !== 'object' || type === undefined) return []
  const owner = contracts.events[type]?.owner
  if (owner === undefined)
    return [`"${node.id}" emits "${type}", which no contract declares: add its schema to the contracts`]
  if (owner !== name)
    return [
      `"${node.id}" emits "${type}", which belongs to "${owner}": a participant speaks only on its own topic`,
    ]
  return []
}

/** `after` compiles to a raise whose event is XState's own. */
function isUserDelay(action: Action): boolean {
  if (action.delay === undefined) return false
  const type = (action.event as { type?: string } | undefined)?.type
  return !type?.startsWith('xstate.after.')
}

type Invoke = {
  readonly id?: string
  readonly src?: unknown
  readonly onDone?: unknown
  readonly onError?: unknown
  readonly onSnapshot?: unknown
}

function invokesOf(node: AnyStateNode): Invoke[] {
  const invoke = node.config.invoke as Invoke | Invoke[] | undefined
  return invoke === undefined ? [] : Array.isArray(invoke) ? invoke : [invoke]
}

function invokeFindings(
  node: AnyStateNode,
  invoke: Invoke,
  machine: AnyStateMachine,
  effects: Definition['effects'],
): string[] {
  const where = `"${node.id}" invokes "${invoke.id ?? (typeof invoke.src === 'string' ? invoke.src : '(inline actor)')}"`
  if (typeof invoke.src !== 'string')
    return [`${where} as an inline actor: name it in setup({ actors }) and give its work in \`effects\``]
  const problems: string[] = []
  if (!invoke.id) problems.push(`${where} without an id: the id is part of the idempotency key`)
  if (invoke.onDone === undefined) problems.push(`${where} without onDone: say what its answer leads to`)
  if (invoke.onError === undefined)
    problems.push(`${where} without onError: say what a refusal or the deadline leads to`)
  if (invoke.onSnapshot !== undefined) problems.push(`${where} with onSnapshot: an effect answers once`)
  if (!isPromiseLogic(machine.implementations.actors[invoke.src]))
    problems.push(`${where}, but "${invoke.src}" is not a promise actor: use fromPromise`)
  if (!effects[invoke.src])
    problems.push(`${where}, but no effect "${invoke.src}" is given: add its work to \`effects\``)
  return problems
}

/** An answer is matched by its invoke id, so an id may stand for one invoke only. */
function repeatedInvokes(nodes: readonly AnyStateNode[]): string[] {
  const ids = nodes.flatMap((node) => invokesOf(node).flatMap((invoke) => invoke.id ?? []))
  const repeated = new Set(ids.filter((id, i) => ids.indexOf(id) !== i))
  return [...repeated].map(
    (id) => `the invoke id "${id}" is used twice: an answer could not be told apart, give each its own`,
  )
}

const promiseTransition = String(fromPromise(async () => undefined).transition)

/** XState does not say which creator made an actor logic, but all logics of one creator share the source of `transition`. */
function isPromiseLogic(logic: unknown): boolean {
  return String((logic as { transition?: unknown } | undefined)?.transition) === promiseTransition
}
