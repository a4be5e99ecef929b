import { askerOf } from '#messaging'
import type { JournalRow, Letter } from '../journal.ts'
import type { Incoming } from '../step/step.ts'

type Data = Readonly<Record<string, unknown>>

/** What the event with this id said; `undefined` when nobody knows. */
export type Heard = (eventId: string) => Data | undefined

/**
 * What every event said that these rows tell of: those that they emitted, kept for later or set aside, and commands and signals. Give it the rows
 * of all participants of a saga, since an event rests where it was said.
 */
export function heardIn(rows: Iterable<JournalRow>): Heard {
  const known = new Map<string, Data>()
  for (const { cause, deferred, emitted, letters = [] } of rows) {
    for (const { id, data } of emitted) known.set(id, data)
    for (const { id, data } of [...letters.flatMap(eventOf), ...(deferred ? [deferred] : [])])
      known.set(id, data)
    if (cause.kind === 'event' && cause.data) known.set(cause.id, cause.data)
  }
  return (id) => known.get(id)
}

/** The cause of a row as the step got it, or in words why that is not known any more. */
export function incomingOf(row: JournalRow, heard: Heard): Incoming | string {
  const { cause, sagaId, trace } = row
  switch (cause.kind) {
    case 'event': {
      const { id, type, source, time, topic, partition, offset } = cause
      const data = heard(id)
      if (!data) return `what ${type} said is in no journal`
      return {
        kind: 'event',
        event: { id, type, source, time, sagaId, trace, data, ...askerOf(cause) },
        at: { topic, partition, offset },
      }
    }
    case 'timer':
    case 'unstarted':
      return { kind: 'timer', key: cause.id }
    case 'answer':
      return { kind: 'answer', key: cause.id, status: cause.status, value: cause.value }
    case 'retry': {
      const retried = row.effects.started.find(({ key }) => key === cause.id)
      return { kind: 'retry', key: cause.id, error: cause.error, notBefore: retried?.notBefore ?? 0 }
    }
    case 'poison': {
      const letter = row.letters?.find((one) => 'record' in one)
      return letter ? { kind: 'poison', letter } : 'the record that was set aside is not in its row'
    }
    case 'command':
      return cause.command === 'redrive'
        ? 'what a redrive brought back is in no journal'
        : { kind: 'command', control: cause }
  }
}

function eventOf(letter: Letter) {
  return 'event' in letter ? [letter.event] : []
}
