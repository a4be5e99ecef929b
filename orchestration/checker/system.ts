import type { Call, Cast, Reply, Saying, Scene } from './cast.ts'
import { type Interner, interner } from './interner.ts'
import { type JointState, queueAt, withNumber } from './joint-state.ts'
import { isGivingUp, type PendingCall, type Said, sceneName } from './local.ts'
import { absent, createPart, type Part } from './part.ts'

/** A call that its participant no longer waits for, and that may still arrive. */
export type LateCall = Pick<PendingCall, 'src' | 'input' | 'performed'>

/** One way in which a call may go: what the caller is told, and the number of the outside afterwards. */
export type Outcome = { readonly answer: Answer; readonly world: number }

export type Answer = { readonly status: 'done' | 'error'; readonly value: unknown }

/** What one topic still has for one member. Within it events keep their order; between two of them there is none. */
type Channel = { readonly topic: string; readonly listener: number }

/**
 * A cast made ready to be explored. A joint state is a row of small numbers: for each member its part; then the outside, the calls that
 * may still arrive, and the repeats that are left; for each saying how often it may still be said; for each channel its queue.
 */
export type System = {
  readonly cast: Cast
  readonly parts: readonly Part[]
  readonly said: Interner<Said>
  readonly worlds: Interner<unknown>
  readonly late: Interner<readonly LateCall[]>
  readonly queues: Interner<readonly number[]>
  readonly at: Places
  readonly channels: readonly Channel[]
  readonly sayings: readonly Saying[]
  readonly initial: JointState
  /** The channels that an event goes to. */
  channelsOf(type: string): readonly number[]
  /** How a call may go. */
  repliesTo(call: LateCall, world: number): readonly Outcome[]
  sceneOf(state: JointState): Scene
  /** Nothing is on its way, pending or kept for later. Calls that nobody waits for may still arrive. */
  isAtRest(state: JointState): boolean
  /** The saying of this type was said at least once. */
  isSaid(state: JointState, type: string): boolean
  /** How often a saying may still be said. */
  readonly left: {
    count(state: JointState, saying: number): number
    less(state: JointState, saying: number): JointState
  }
}

/** Where in a joint state what begins. Parts begin at 0. */
type Places = {
  readonly world: number
  readonly late: number
  readonly repeats: number
  readonly sayings: number
  readonly channels: number
}

export function systemOf<World>(given: Cast<World>): System {
  // Worlds are only ever handed back to the functions of the same cast.
  const cast = given as unknown as Cast
  const { members, sayings } = cast
  const said = interner<Said>('events')
  const worlds = interner<unknown>('states of the outside')
  const late = interner<readonly LateCall[]>('sets of late calls')
  const queues = interner<readonly number[]>('queues')
  const parts = members.map(({ part }) => createPart(part, said))
  const channels = channelsFor(cast)
  const world = parts.length
  const at: Places = {
    world,
    late: world + 1,
    repeats: world + 2,
    sayings: world + 3,
    channels: world + 3 + sayings.length,
  }
  const count = (state: JointState, saying: number) => state[at.sayings + saying] ?? 0
  const timesOf = ({ times }: Saying) => (times === 'whenever' ? 0 : times)

  const system: System = {
    cast,
    parts,
    said,
    worlds,
    late,
    queues,
    at,
    channels,
    sayings,
    initial: [
      ...parts.map(() => absent),
      worlds.idOf(cast.outside.initial),
      late.idOf([]),
      cast.repeats,
      ...sayings.map(timesOf),
      ...channels.map(() => queues.idOf([])),
    ],
    channelsOf: remembered((type) =>
      channels.flatMap(({ topic, listener }, channel) =>
        topic === topicOf(cast, type) && members[listener]?.part.listensTo.has(type) ? [channel] : [],
      ),
    ),
    repliesTo: replies(cast, worlds),
    sceneOf: (state) =>
      Object.fromEntries(
        parts.map((part, member) => [part.participant.name, sceneName(part.local(state[member] ?? absent))]),
      ),
    isAtRest(state) {
      const isIdle = parts.every((part, member) => {
        const { waiting, timers, effects } = part.local(state[member] ?? absent)
        return waiting.length + effects.length === 0 && timers.every(isGivingUp)
      })
      return isIdle && channels.every((_, channel) => queueAt(system, state, channel).length === 0)
    },
    isSaid: (state, type) =>
      sayings.some((saying, index) => saying.type === type && count(state, index) < timesOf(saying)),
    left: {
      count,
      less: (state, saying) =>
        count(state, saying) > 0 ? withNumber(state, at.sayings + saying, count(state, saying) - 1) : state,
    },
  }
  return system
}

function replies({ outside }: Cast, worlds: Interner<unknown>): System['repliesTo'] {
  const known = new Map<string, readonly Outcome[]>()

  function ask({ src, input, performed }: LateCall, world: number): readonly Outcome[] {
    const call: Call = { input, repeated: performed }
    const answer = outside.calls[src]
    if (!answer) throw new Error(`the cast does not say how "${src}" may go: add it to outside.calls`)
    return answer(worlds.valueOf(world), call).map((reply) => ({
      answer: answerOf(reply),
      world: worlds.idOf(reply.world),
    }))
  }

  return (call, world) => {
    const key = `${world} ${call.performed} ${call.src} ${JSON.stringify(call.input)}`
    const found = known.get(key) ?? ask(call, world)
    known.set(key, found)
    return found
  }
}

function answerOf(reply: Reply<unknown>): Answer {
  if ('done' in reply) return { status: 'done', value: reply.done }
  return { status: 'error', value: { message: reply.refused, code: 'CHORUS_REFUSED' } }
}

function remembered<T>(find: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>()
  return (key) => {
    const found = known.get(key) ?? find(key)
    known.set(key, found)
    return found
  }
}

function topicOf({ members }: Cast, type: string): string | undefined {
  return members.map(({ part }) => part.contracts.events[type]?.topic).find(Boolean)
}

function channelsFor(cast: Cast): Channel[] {
  return cast.members.flatMap(({ part }, listener) =>
    part.topics
      .filter((topic) => [...part.listensTo].some((type) => topicOf(cast, type) === topic))
      .map((topic) => ({ topic, listener })),
  )
}
