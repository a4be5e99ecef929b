import type { JournalRow } from '../journal.ts'
import type { Participant } from '../participant.ts'
import { fold } from '../step/head.ts'
import { decide } from '../step/step.ts'
import { watchTransitions } from '../watch-transitions.ts'
import { type Interner, interner } from './interner.ts'
import {
  context,
  headOf,
  incomingOf,
  keyOf,
  type Local,
  localOf,
  nothingStarted,
  type PendingCall,
  type Said,
  type Stimulus,
} from './local.ts'

/** What a part makes of a stimulus. */
export type Step = {
  /** Number of the part afterwards. */
  readonly after: number
  readonly outcome: JournalRow['outcome']
  /** Numbers of the events that it says. */
  readonly emitted: readonly number[]
  /** Types of the events that it gives up, because nobody has started it. */
  readonly givenUp: readonly string[]
  /** Calls that it no longer waits for, though they may still be on their way. */
  readonly abandoned: readonly PendingCall[]
  /** Why the runtime would not go on from here. */
  readonly broken?: string
}

/** A participant's part of a saga: real steps, each computed once and remembered. */
export type Part = {
  readonly participant: Participant
  local(id: number): Local
  take(id: number, stimulus: Stimulus): Step
  /** The same part, with a call performed whose answer was lost. */
  perform(id: number, call: PendingCall): number
  /** Ids of the machine's transitions that were taken so far. */
  readonly taken: ReadonlySet<string>
  /** How many different steps were taken, each of them a second time as well, as after a crash. */
  steps(): number
}

/** A part's number while nothing has started it. */
export const absent = 0

export function createPart(participant: Participant, said: Interner<Said>): Part {
  const locals = interner<Local>(`states of "${participant.name}"`)
  locals.idOf(nothingStarted)
  const taken = new Set<string>()
  const watched = watchTransitions(participant, ({ id }) => taken.add(id))
  const known = new Map<string, Step>()

  function step(id: number, stimulus: Stimulus): Step {
    const before = locals.valueOf(id)
    const head = headOf(before, participant, said)
    const incoming = incomingOf(stimulus, said)
    try {
      const row = decide(watched, head, incoming, context)
      if (typeof row === 'string') return broken(id, `the runtime calls it ${row}`)
      if (row.held) return broken(id, row.held.reason)
      const after = fold(head, row)
      const again = decide(watched, after, incoming, context)
      if (again !== 'duplicate' && again !== 'stale') return broken(id, 'it is taken in a second time')
      return stepOf(before, localOf(after, before, said), row)
    } catch (error) {
      return broken(id, error instanceof Error ? error.message : String(error))
    }
  }

  function stepOf(before: Local, after: Local, row: JournalRow): Step {
    const ended = new Set(row.effects.ended.filter((key) => key !== row.cause.id))
    return {
      after: locals.idOf(after),
      outcome: row.outcome,
      emitted: row.emitted.map(({ type, data }) => said.idOf({ type, data, from: participant.name })),
      givenUp: (row.letters ?? []).map((letter) => ('event' in letter ? letter.event.type : letter.id)),
      abandoned: before.effects.filter((call) => ended.has(keyOf(call.id))),
    }
  }

  return {
    participant,
    taken,
    local: locals.valueOf,
    take(id, stimulus) {
      const key = `${id} ${JSON.stringify(stimulus)}`
      const taken = known.get(key) ?? step(id, stimulus)
      known.set(key, taken)
      return taken
    },
    perform(id, { id: performed }) {
      const local = locals.valueOf(id)
      const effects = local.effects.map((call) =>
        call.id === performed ? { ...call, performed: true } : call,
      )
      return locals.idOf({ ...local, effects })
    },
    steps: () => known.size,
  }
}

function broken(after: number, why: string): Step {
  return { after, outcome: 'held', emitted: [], givenUp: [], abandoned: [], broken: why.replace(/\s+/g, ' ') }
}
