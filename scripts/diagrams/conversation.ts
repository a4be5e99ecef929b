import { type AnyMachineSnapshot, type AnyStateMachine, initialTransition, transition } from 'xstate'
import { contracts } from '#contracts'
import { outcomeOf, participants, type Scene } from '../../services/cast.ts'

/** What comes from outside, in this order, each time the participants have nothing left to say. */
export type Outside =
  | {
      readonly answers: string
      readonly with: { readonly status: string } & Readonly<Record<string, unknown>>
    }
  | { readonly fails: string; readonly why: string }
  | { readonly elapses: string }
  | { readonly operatorSays: Event }

type Event = { readonly type: string } & Readonly<Record<string, unknown>>
type Name = keyof Scene
type Parts = Partial<Record<Name, AnyMachineSnapshot>>

const names = Object.keys(participants) as Name[]
const input = {
  sagaId: 'an order',
  paymentPatience: 1,
  refundPause: 1,
  refundAttempts: 2,
  recallPause: 1,
  recallAttempts: 2,
}

/**
 * Plays one order on the machines themselves, without any runtime, and writes down who says what to whom as a Mermaid sequence
 * diagram. Throws when the machines do not go the way that `outside` tells, or end in no outcome of the cast.
 */
export function conversation(command: Event, outside: readonly Outside[]): string {
  const operators = outside.some((next) => 'operatorSays' in next) ? ['operator'] : []
  const lines = [
    'sequenceDiagram',
    ...['customer', ...names, ...operators].map((name) => `participant ${name}`),
  ]
  const parts: Parts = {}
  const said: Event[] = [command]

  function take(name: Name, event: Event): void {
    const machine = participants[name]
    const before = parts[name] ?? (initialTransition(machine, input)[0] as AnyMachineSnapshot)
    const [after, actions] = transition(machine, before, event) as unknown as [AnyMachineSnapshot, Action[]]
    parts[name] = after
    for (const { type, params } of actions)
      if (type === 'xstate.emit' && params.event) said.push(params.event)
    if (after.status === 'done' && before.status !== 'done')
      lines.push(`Note over ${name}: ends as ${after.value}`)
  }

  function deliver(event: Event): void {
    const { owner, topic } = contracts.events[event.type as keyof typeof contracts.events]
    const [, kind = ''] = topic.split('.')
    const speaker = { commands: 'customer', control: 'operator' }[kind] ?? owner
    for (const name of names.filter((name) => listensTo(participants[name], event.type))) {
      lines.push(`${speaker}->>${name}: ${event.type}`)
      take(name, event)
    }
  }

  for (const next of [undefined, ...outside]) {
    if (next && 'operatorSays' in next) said.push(next.operatorSays)
    else if (next) {
      const { name, event, tells } = happening(next, parts)
      lines.push(`Note over ${name}: ${tells}`)
      take(name, event)
    }
    for (let event = said.shift(); event; event = said.shift()) deliver(event)
  }

  const scene = Object.fromEntries(names.map((name) => [name, parts[name]?.value ?? 'absent']))
  if (!outcomeOf(scene as Scene)) throw new Error(`the order ends in no outcome: ${JSON.stringify(scene)}`)
  return lines.map((line, index) => (index === 0 ? line : `  ${line}`)).join('\n')
}

type Action = { readonly type: string; readonly params: { readonly event?: Event } }

/** The participant that waits for this, and the event with which XState tells it. */
function happening(
  next: Exclude<Outside, { operatorSays: Event }>,
  parts: Parts,
): { name: Name; event: Event; tells: string } {
  if ('elapses' in next) {
    const { name, type } = waiting(parts, `xstate.after.${next.elapses}.`)
    return { name, event: { type }, tells: `after ${next.elapses}` }
  }
  if ('fails' in next) {
    const { name, type } = waiting(parts, `xstate.error.actor.${next.fails}`)
    return { name, event: { type, error: { message: next.why } }, tells: `${next.fails}: ${next.why}` }
  }
  const { name, type } = waiting(parts, `xstate.done.actor.${next.answers}`)
  return { name, event: { type, output: next.with }, tells: `${next.answers}: ${next.with.status}` }
}

function waiting(parts: Parts, prefix: string): { name: Name; type: string } {
  for (const name of names) {
    const declared = (parts[name]?._nodes ?? []).flatMap((node) => [...node.transitions.keys()])
    const type = declared.find((type) => type.startsWith(prefix))
    if (type) return { name, type }
  }
  throw new Error(`no participant waits for ${prefix}`)
}

function listensTo(machine: AnyStateMachine, type: string): boolean {
  return machine.events.includes(type)
}
