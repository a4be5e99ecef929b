import type { AnyStateMachine, InputFrom, OutputFrom, StateMachine } from 'xstate'
import { type Contracts, TerminalError } from '#messaging'
import { controlTopic } from './control.ts'
import type { Effect } from './effects/effect.ts'
import type { MachineState } from './journal.ts'
import { eventTypesOf, findings } from './machine/durable-machine.ts'
import { compile, type Program } from './machine/program.ts'

type ActorsOf<Machine> =
  // biome-ignore lint/suspicious/noExplicitAny: only the fourth parameter, the machine's actors, matters here.
  Machine extends StateMachine<any, any, any, infer Actor, any, any, any, any, any, any, any, any, any, any>
    ? Actor
    : never

/** An effect for every actor that the machine names, with the actor's own input and output types. */
export type EffectsOf<Machine extends AnyStateMachine> = {
  readonly [Actor in ActorsOf<Machine> as Actor['src']]: Effect<
    InputFrom<Actor['logic']>,
    OutputFrom<Actor['logic']>
  >
}

export type ParticipantOptions<Machine extends AnyStateMachine> = {
  /** Consumer group, owner of its events in the contracts, prefix of its collections. */
  readonly name: string
  /** Of the machine. An instance keeps the version that it was started with. */
  readonly version: string
  readonly machine: Machine
  /** Machines of earlier versions, by version: their sagas go on with them. Work that only they name stands beside them. */
  readonly earlier?: Readonly<Record<string, EarlierVersion>>
  /**
   * By earlier version: makes its state one of the newest version, with which the saga goes on from its next step. Pure; an error
   * leaves the saga waiting. Timers and effects stay pending under their ids.
   */
  readonly migrate?: Readonly<Record<string, (state: MachineState) => MachineState>>
  /** The work behind the machine's actors. */
  readonly effects: EffectsOf<Machine>
  readonly contracts: Contracts
  /** Given to the machine as input, beside `sagaId`. Must be JSON. */
  readonly input?: Readonly<Record<string, unknown>>
  /** The name under which spans carry the saga's id too, e.g. `booking.id`: what people look for. */
  readonly businessKey?: string
  /** How long events may wait for a saga that was not started before they go to the dead letters, in ms. Default 10 minutes. */
  readonly unstartedLimit?: number
}

export type EarlierVersion = {
  readonly machine: AnyStateMachine
  readonly effects?: Readonly<Record<string, Effect>>
}

/** A plain machine, checked and ready to be run durably by `runParticipant`. */
export type Participant<Machine extends AnyStateMachine = AnyStateMachine> = {
  readonly name: string
  readonly version: string
  readonly machine: Machine
  /** The machines as pure functions, by version. */
  readonly programs: ReadonlyMap<string, Program>
  readonly migrate: Readonly<Record<string, (state: MachineState) => MachineState>>
  readonly effects: Readonly<Record<string, Effect<unknown>>>
  readonly contracts: Contracts
  readonly input: Readonly<Record<string, unknown>>
  readonly businessKey: string | undefined
  readonly unstartedLimit: number
  /** Event types that some state of the machine mentions. Everything else on its topics is skipped unread. */
  readonly listensTo: ReadonlySet<string>
  /** Event types that start a saga: those of the initial state. */
  readonly startedBy: ReadonlySet<string>
  /** Topics to consume, as the contracts place the events of `listensTo`, and the one for operators' commands. */
  readonly topics: readonly string[]
}

/**
 * Makes a durable participant of a plain XState machine. Throws a `TerminalError` that lists everything that could not survive a
 * restart, each with what to write instead.
 */
export function participant<Machine extends AnyStateMachine>(
  options: ParticipantOptions<Machine>,
): Participant<Machine> {
  const { name, version, machine, contracts, input = {}, businessKey, migrate = {} } = options
  const { unstartedLimit = 600_000 } = options
  const effects = options.effects as Readonly<Record<string, Effect<unknown>>>
  const machines = { ...earlierMachines(options), [version]: { machine, effects } }
  refuse(name, machines, contracts)
  const newest = compile(machine)
  const compiled = Object.entries(machines).map(([v, { machine }]) => [v, compile(machine)] as const)
  const initial = newest.start({ ...input, sagaId: '' }).state
  const listensTo = new Set(Object.values(machines).flatMap(({ machine }) => eventTypesOf(machine)))
  const spoken = [...listensTo].map((type) => contracts.events[type]?.topic ?? '')
  return {
    name,
    version,
    machine,
    programs: new Map([...compiled, [version, newest]]),
    migrate,
    effects: Object.assign({}, ...Object.values(machines).map(({ effects }) => effects), effects),
    contracts,
    input,
    businessKey,
    unstartedLimit,
    listensTo,
    startedBy: new Set([...listensTo].filter((type) => newest.declares(initial, type))),
    topics: [...new Set([...spoken, controlTopic(name)])].sort(),
  }
}

type Machines = Readonly<Record<string, { machine: AnyStateMachine; effects: Participant['effects'] }>>

/** An earlier machine has the newest one's work for the actors that it shares with it. */
function earlierMachines<Machine extends AnyStateMachine>(options: ParticipantOptions<Machine>): Machines {
  const newest = options.effects as Participant['effects']
  return Object.fromEntries(
    Object.entries(options.earlier ?? {}).map(([version, { machine, effects = {} }]) => {
      const named = Object.keys(machine.implementations.actors)
      const shared = Object.entries(newest).filter(([src]) => named.includes(src))
      const own = effects as Participant['effects']
      return [version, { machine, effects: { ...Object.fromEntries(shared), ...own } }]
    }),
  )
}

function refuse(name: string, machines: Machines, contracts: Contracts): void {
  const versions = Object.entries(machines)
  const problems = versions.flatMap(([version, { machine, effects }]) =>
    findings({ name, machine, contracts, effects }).map((problem) =>
      versions.length > 1 ? `version "${version}": ${problem}` : problem,
    ),
  )
  if (problems.length === 0) return
  throw new TerminalError(
    [`participant "${name}" cannot be made durable:`, ...problems.map((p) => `  - ${p}`)].join('\n'),
    { code: 'CHORUS_NOT_DURABLE' },
  )
}
