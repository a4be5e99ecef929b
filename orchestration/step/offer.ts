import { parse, v5 as uuidv5 } from 'uuid'
import { PoisonError } from '#messaging'
import type { EmittedEvent, MachineState } from '../journal.ts'
import type { Move } from '../machine/program.ts'
import { type Draft, unstarted } from './draft.ts'
import { settle } from './pending.ts'

const eventIds = parse('5b2c9f0e-2d0f-5f0a-9a55-0c8f3f9b6a11')

/** Offers an event to the machine, starting it first when it is not started; says whether anything came of it. */
export function offer(draft: Draft, event: { readonly type: string }): boolean {
  const { part, program, context } = draft
  let started = false
  if (draft.state === null) {
    follow(draft, program.start({ ...part.input, sagaId: context.sagaId }))
    draft.pending = {
      ...draft.pending,
      timers: draft.pending.timers.filter((timer) => timer.id !== unstarted),
    }
    started = true
  }
  const move = program.apply(draft.state as unknown as MachineState, event)
  follow(draft, move)
  return started || move.changed
}

function follow(draft: Draft, move: Move): void {
  const { part, context, seq } = draft
  for (const request of move.requests) {
    if (request.kind === 'emit') draft.emitted.push(emitted(draft, request.event))
  }
  draft.pending = settle(draft.pending, move, {
    sagaId: context.sagaId,
    seq,
    now: context.now,
    trace: context.trace,
    effects: part.effects,
  })
  draft.state = move.state
}

function emitted(
  { part, context, seq, emitted }: Draft,
  { type, ...data }: { readonly type: string },
): EmittedEvent {
  const contract = part.contracts.events[type]
  if (contract?.owner !== part.name) {
    throw new PoisonError(
      `the machine of "${part.name}" emits "${type}", which ${contract ? `belongs to "${contract.owner}"` : 'no contract declares'}`,
    )
  }
  const id = uuidv5(`${part.name}/${context.sagaId}:${seq}/${emitted.length}`, eventIds)
  return { id, type, data, trace: context.trace }
}

/** Runs the machine on a cause: whatever it throws makes the cause poison. */
export function guarded<T>(type: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof PoisonError) throw error
    const { code, reason } = complaint(type, error)
    throw new PoisonError(reason, { cause: error, code })
  }
}

/** Why the machine refuses an event. */
export function complaint(type: string, error: unknown): { readonly code: string; readonly reason: string } {
  if (error instanceof PoisonError) return { code: error.code, reason: error.message }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'CHORUS_MACHINE_THREW', reason: `the machine throws on "${type}": ${message}` }
}
