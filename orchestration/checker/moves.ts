import type { Saying } from './cast.ts'
import { afterSaying, afterStep, type JointState, queueAt, withLate, withNumber } from './joint-state.ts'
import { isGivingUp, type PendingCall, type PendingTimer } from './local.ts'
import type { Step } from './part.ts'
import type { Answer, LateCall, System } from './system.ts'

/** Something that may happen in a joint state. `member` is the number of the one whose part moves. */
export type Move =
  | { readonly kind: 'said'; readonly saying: Saying }
  | {
      readonly kind: 'heard'
      readonly member: number
      readonly event: number
      /** It will come once more, under another id. */
      readonly again: boolean
      readonly step: Step
    }
  | { readonly kind: 'timer'; readonly member: number; readonly timer: string; readonly step: Step }
  | {
      readonly kind: 'answered'
      readonly member: number
      readonly call: PendingCall
      readonly answer: Answer
      readonly step: Step
    }
  /** The outside did its work, and the answer was lost: it will be asked again. */
  | { readonly kind: 'unanswered'; readonly member: number; readonly call: PendingCall }
  /** A call that nobody waits for any more arrives. */
  | { readonly kind: 'late'; readonly call: LateCall }

export type Visit = (after: JointState, move: Move) => void

/** Visits everything that may happen next in a joint state, with the state that it leads to. */
export function visitMoves(system: System, state: JointState, visit: Visit): void {
  let isBusy = false
  const busy: Visit = (after, move) => {
    isBusy = true
    visit(after, move)
  }
  deliver(system, state, busy)
  fireTimers(system, state, (timer) => !isGivingUp(timer), busy)
  answerCalls(system, state, busy)
  // The limit for events that nobody can take in is far longer than anything else takes.
  if (!isBusy) fireTimers(system, state, isGivingUp, visit)
  arriveLate(system, state, visit)
  say(system, state, visit)
}

function deliver(system: System, state: JointState, visit: Visit): void {
  const { at, channels, queues } = system
  for (const [channel, { listener: member }] of channels.entries()) {
    const [event, ...rest] = queueAt(system, state, channel)
    if (event === undefined) continue
    const hear = (before: JointState, queue: readonly number[], again: boolean) => {
      const taken = withNumber(before, at.channels + channel, queues.idOf(queue))
      const [after, step] = afterStep(system, taken, member, { kind: 'event', event })
      visit(after, { kind: 'heard', member, event, again, step })
    }
    hear(state, rest, false)
    const repeats = state[at.repeats] ?? 0
    if (repeats === 0) continue
    const before = withNumber(state, at.repeats, repeats - 1)
    for (let place = 0; place <= rest.length; place++) hear(before, rest.toSpliced(place, 0, event), true)
  }
}

function fireTimers(
  system: System,
  state: JointState,
  which: (timer: PendingTimer) => boolean,
  visit: Visit,
): void {
  for (const [member, part] of system.parts.entries()) {
    for (const { id: timer } of part.local(state[member] ?? 0).timers.filter(which)) {
      const [after, step] = afterStep(system, state, member, { kind: 'timer', id: timer })
      visit(after, { kind: 'timer', member, timer, step })
    }
  }
}

const deadline: Answer = {
  status: 'error',
  value: { message: 'the deadline has passed', code: 'CHORUS_DEADLINE' },
}

function answerCalls(system: System, state: JointState, visit: Visit): void {
  for (const [member, part] of system.parts.entries()) {
    for (const call of part.local(state[member] ?? 0).effects) {
      const answer = (answer: Answer, before: JointState) => {
        const [after, step] = afterStep(system, before, member, { kind: 'answer', id: call.id, ...answer })
        visit(after, { kind: 'answered', member, call, answer, step })
      }
      for (const reply of system.repliesTo(call, state[system.at.world] ?? 0)) {
        const done = withNumber(state, system.at.world, reply.world)
        answer(reply.answer, done)
        const unanswered = withNumber(done, member, part.perform(state[member] ?? 0, call))
        if (!call.performed) visit(unanswered, { kind: 'unanswered', member, call })
      }
      const { deadline: limit } = part.participant.effects[call.src] ?? {}
      if (limit !== undefined) answer(deadline, withLate(system, state, [call]))
    }
  }
}

function arriveLate(system: System, state: JointState, visit: Visit): void {
  const { late, at } = system
  const calls = late.valueOf(state[at.late] ?? 0)
  for (const call of calls) {
    const rest = withNumber(state, at.late, late.idOf(calls.filter((other) => other !== call)))
    for (const { world } of system.repliesTo(call, state[at.world] ?? 0))
      visit(withNumber(rest, at.world, world), { kind: 'late', call })
  }
}

function say(system: System, state: JointState, visit: Visit): void {
  const { sayings, isSaid, left } = system
  const onItsWay = saidOnTheWay(system, state)
  for (const [index, saying] of sayings.entries()) {
    if (saying.after !== undefined && !isSaid(state, saying.after)) continue
    const spoken = () => visit(afterSaying(system, left.less(state, index), saying), { kind: 'said', saying })
    if (saying.times === 'whenever' ? !onItsWay : left.count(state, index) > 0) spoken()
  }
}

/** Something that may be said whenever it is wanted is under way, or waits to be taken in: more of it would grow without end. */
function saidOnTheWay(system: System, state: JointState): boolean {
  const { channels, parts, said, sayings } = system
  const isUnbounded = (event: number) => {
    const { type } = said.valueOf(event)
    return sayings.some((saying) => saying.type === type && saying.times === 'whenever')
  }
  return (
    channels.some((_, channel) => queueAt(system, state, channel).some(isUnbounded)) ||
    parts.some((part, member) => part.local(state[member] ?? 0).waiting.some(isUnbounded))
  )
}
