import type { AnyStateMachine, InputFrom, OutputFrom, StateMachine } from 'xstate'
import { type Contracts, TerminalError } from '#messaging'
import { eventTypesOf, findings } from './durable-machine.ts'
import type { Effect } from './effect.ts'
import { compile, type Program } from './program.ts'

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
  /** The work behind the machine's actors. */
  readonly effects: EffectsOf<Machine>
  readonly contracts: Contracts
  /** Given to the machine as input, beside `sagaId`. Must be JSON. */
  readonly input?: Readonly<Record<string, unknown>>
  /** How long events may wait for a saga that was not started before they go to the dead letters, in ms. Default 10 minutes. */
  readonly unstartedLimit?: number
}

/** A plain machine, checked and ready to be run durably by `runParticipant`. */
export type Participant = {
  readonly name: string
  readonly version: string
  readonly machine: AnyStateMachine
  readonly program: Program
  readonly effects: Readonly<Record<string, Effect<unknown>>>
  readonly contracts: Contracts
  readonly input: Readonly<Record<string, unknown>>
  readonly unstartedLimit: number
  /** Event types that some state of the machine mentions. Everything else on its topics is skipped unread. */
  readonly listensTo: ReadonlySet<string>
  /** Event types that start a saga: those of the initial state. */
  readonly startedBy: ReadonlySet<string>
  /** Topics to consume, as the contracts place the events of `listensTo`. */
  readonly topics: readonly string[]
}

/**
 * Makes a durable participant of a plain XState machine. Throws a `TerminalError` that lists everything that could not survive a
 * restart, each with what to write instead.
 */
export function participant<Machine extends AnyStateMachine>(
  options: ParticipantOptions<Machine>,
): Participant {
  const { name, version, machine, contracts, input = {}, unstartedLimit = 600_000 } = options
  const effects = options.effects as Readonly<Record<string, Effect<unknown>>>
  const problems = findings({ name, machine, contracts, effects })
  if (problems.length > 0) {
    throw new TerminalError(
      [`participant "${name}" cannot be made durable:`, ...problems.map((p) => `  - ${p}`)].join('\n'),
      { code: 'CHORUS_NOT_DURABLE' },
    )
  }
  const program = compile(machine)
  const initial = program.start({ ...input, sagaId: '' }).state
  const listensTo = new Set(eventTypesOf(machine))
  return {
    name,
    version,
    machine,
    program,
    effects,
    contracts,
    input,
    unstartedLimit,
    listensTo,
    startedBy: new Set([...listensTo].filter((type) => program.declares(initial, type))),
    topics: [...new Set([...listensTo].map((type) => contracts.events[type]?.topic ?? ''))].sort(),
  }
}
