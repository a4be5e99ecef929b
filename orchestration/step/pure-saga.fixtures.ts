import type { Envelope } from '#messaging'
import type { Head, JournalRow } from '../journal.ts'
import type { Participant } from '../participant.ts'
import { fold } from './head.ts'
import { type Decision, decide, type Incoming } from './step.ts'

/** A saga's part without any runtime: `decide` and `fold` alone, one step after the other. */
export type PureSaga = {
  head: Head | null
  now: number
  readonly rows: JournalRow[]
  take(incoming: Incoming): Decision
  hear(type: string, data?: Envelope['data'], id?: string): Decision
  /** Fires the pending timer with this id. */
  fire(id: string): Decision
  /** Answers the pending effect with this id. */
  answer(id: string, status: 'done' | 'error', value?: unknown): Decision
  /** The last row. */
  last(): JournalRow
}

export function pureSaga(part: Participant, sagaId = 'saga-1'): PureSaga {
  let count = 0
  const saga: PureSaga = {
    head: null,
    now: 1_000,
    rows: [],
    take(incoming) {
      const context = { sagaId, partition: 3, now: saga.now, attempt: `attempt-${++count}`, trace: {} }
      const decision = decide(part, saga.head, incoming, context)
      if (typeof decision === 'string') return decision
      saga.rows.push(decision)
      saga.head = fold(saga.head, decision)
      return decision
    },
    hear(type, data = {}, id = `event-${(saga.head?.seq ?? 0) + 1}`) {
      const event: Envelope = { id, type, source: 'guest', sagaId, time: saga.now, trace: {}, data }
      return saga.take({ kind: 'event', event, at: { topic: 'guest.events', partition: 3, offset: '0' } })
    },
    fire: (id) => saga.take({ kind: 'timer', key: keyOf(saga.head?.timers, id) }),
    answer: (id, status, value = null) =>
      saga.take({ kind: 'answer', key: keyOf(saga.head?.effects, id), status, value }),
    last() {
      const row = saga.rows.at(-1)
      if (!row) throw new Error('no step was taken yet')
      return row
    },
  }
  return saga
}

export function keyOf(pending: readonly { id: string; key: string }[] | undefined, id: string): string {
  const found = pending?.find((item) => item.id === id)
  if (!found) throw new Error(`nothing is pending under "${id}"`)
  return found.key
}
