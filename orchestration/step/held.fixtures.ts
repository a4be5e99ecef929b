import { type AnyEventObject, assign, emit } from 'xstate'
import { deskOf } from '../booking.fixtures.ts'
import type { Control } from '../control.ts'
import { type PureSaga, pureSaga } from './pure-saga.fixtures.ts'

/** Takes notes once it is booked; refuses the note with the number 13; leaves by itself after a while. */
export const part = deskOf({
  context: { notes: [] },
  initial: 'a',
  states: {
    a: { on: { Book: 'b' } },
    b: {
      after: { 1000: 'late' },
      on: {
        Noted: {
          actions: [
            assign(({ context, event }: { context: { notes: number[] }; event: AnyEventObject }) => {
              if (event.n === 13) throw new Error('no such number')
              return { notes: [...context.notes, event.n] }
            }),
            emit(({ event }: { event: AnyEventObject }) => ({
              type: 'Echoed',
              bookingId: 'b-1',
              n: event.n,
            })),
          ],
        },
        Sat: 'c',
      },
    },
    c: { type: 'final' },
    late: { type: 'final' },
  },
})

export const record = {
  topic: 'guest.events',
  partition: 3,
  offset: '9',
  key: 'saga-1',
  headers: {},
  value: 'AAA=',
  bytes: 2,
}

export function poison(saga: PureSaga, id = 'bad') {
  return saga.take({ kind: 'poison', letter: { id, code: 'CHORUS_TRUNCATED', reason: 'too short', record } })
}

export function command(
  saga: PureSaga,
  command: Control['command'],
  row?: string,
  id = `${command}-${saga.rows.length}`,
) {
  const control = { id, command, by: 'ada', reason: 'mended', ...(row && { row }) }
  return saga.take({ kind: 'command', control })
}

export function redrive(saga: PureSaga, row: string, n: number, id = 'bad') {
  const event = { id, type: 'Noted', source: 'guest', sagaId: 'saga-1', time: 0, trace: {}, data: { n } }
  const at = { topic: 'guest.events', partition: 3, offset: '9' }
  const control = {
    id: `redrive-${saga.rows.length}`,
    command: 'redrive',
    by: 'ada',
    reason: 'mended',
    row,
  } as const
  return saga.take({ kind: 'command', control, redriven: { event, at } })
}

export function booked(): PureSaga {
  const saga = pureSaga(part)
  saga.hear('Book')
  return saga
}

export const notes = (saga: PureSaga) => saga.head?.state?.context.notes
