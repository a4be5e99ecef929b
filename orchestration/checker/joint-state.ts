import type { Saying } from './cast.ts'
import type { PendingCall, Stimulus } from './local.ts'
import type { Step } from './part.ts'
import type { LateCall, System } from './system.ts'

/** A joint state: see `System` for what its numbers mean. */
export type JointState = readonly number[]

/** The queue that a channel is in. */
export function queueAt({ queues, at }: System, state: JointState, channel: number): readonly number[] {
  return queues.valueOf(state[at.channels + channel] ?? 0)
}

/** The state with another number at one place. */
export function withNumber(state: JointState, place: number, number: number): number[] {
  const after = [...state]
  after[place] = number
  return after
}

/** The state after a member's step: its part, what it says, and the calls that it leaves behind. */
export function afterStep(
  system: System,
  state: JointState,
  member: number,
  stimulus: Stimulus,
): readonly [JointState, Step] {
  const step = system.parts[member]?.take(state[member] ?? 0, stimulus)
  if (!step) throw new Error(`there is no member ${member}`)
  const after = withNumber(state, member, step.after)
  enqueue(system, after, step.emitted)
  return [withLate(system, after, step.abandoned), step]
}

/** The state after something was said from outside. */
export function afterSaying(
  system: System,
  state: JointState,
  { type, data, from, does }: Saying,
): JointState {
  const { worlds, at, said } = system
  const world = state[at.world] ?? 0
  const after = withNumber(state, at.world, does ? worlds.idOf(does(worlds.valueOf(world))) : world)
  enqueue(system, after, [said.idOf({ type, data, from })])
  return after
}

function enqueue(system: System, state: number[], events: readonly number[]): void {
  const { said, queues, channelsOf, at } = system
  for (const event of events) {
    for (const channel of channelsOf(said.valueOf(event).type))
      state[at.channels + channel] = queues.idOf([...queueAt(system, state, channel), event])
  }
}

/** Equal calls count as one: whichever of them arrives last, the outside sees the same. */
export function withLate({ late, at }: System, state: JointState, calls: readonly PendingCall[]): JointState {
  if (calls.length === 0) return state
  const byText = new Map(late.valueOf(state[at.late] ?? 0).map((call) => [JSON.stringify(call), call]))
  for (const { src, input, performed } of calls) {
    const call: LateCall = { src, input, performed }
    byText.set(JSON.stringify(call), call)
  }
  const sorted = [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, call]) => call)
  return withNumber(state, at.late, late.idOf(sorted))
}
