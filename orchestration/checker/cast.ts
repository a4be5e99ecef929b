import type { Participant } from '../participant.ts'

/** Where each participant's part of a saga is: its top-level state, or `absent` while nothing has started it. */
export type Scene = Readonly<Record<string, string>>

/** A participant, and where a person finds it. */
export type Member = {
  readonly part: Participant
  /** The file of its machine. */
  readonly file: string
  /**
   * Events that ask it to give something back, each with the final states in which there is nothing to give back. In any other final
   * state such an event would come too late.
   */
  readonly compensations?: Readonly<Record<string, readonly string[]>>
}

/** A call to the outside: what an effect of a participant asks for. */
export type Call = {
  readonly input: unknown
  /** The same call, by its idempotency key, has been performed before. */
  readonly repeated: boolean
}

/** One way in which a call may go: what the outside is afterwards, and what the machine is told. `refused` enters as an error. */
export type Reply<World> = { readonly world: World } & (
  | { readonly done: unknown }
  | { readonly refused: string }
)

/** The outside, as small as it can be: a plain JSON value, and what each effect may do to it. Pure. */
export type Outside<World> = {
  readonly initial: World
  /** By the actor's name in the machine: every way in which a call may go now. That no answer comes is always one more. */
  readonly calls: Readonly<Record<string, (world: World, call: Call) => readonly Reply<World>[]>>
}

/** What comes from outside: a command of whoever begins it, a word of an operator. */
export type Saying<World = unknown> = {
  readonly from: string
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
  /** How often it may be said, or `whenever`: again and again, but never a second one while one is on its way. */
  readonly times: number | 'whenever'
  /** The type of a saying that must have been said before. */
  readonly after?: string
  /** What has happened outside when it is said. */
  readonly does?: (world: World) => World
}

/** What must hold in every moment. */
export type Invariant<World> = { readonly name: string; holds(scene: Scene, world: World): boolean }

/** A choreography as a whole: who takes part, what may come from outside, how it may end, and what must always hold. */
export type Cast<World = unknown> = {
  readonly name: string
  readonly members: readonly Member[]
  readonly outside: Outside<World>
  readonly sayings: readonly Saying<World>[]
  /** How many events may come once more under another id, as from a producer that says a thing twice. */
  readonly repeats: number
  /** By name: the states in which each participant may be when nothing more will happen. */
  readonly outcomes: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
  readonly invariants: readonly Invariant<World>[]
}
