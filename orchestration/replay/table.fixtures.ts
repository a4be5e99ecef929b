import { assign, emit } from 'xstate'
import { deskOf } from '../booking.fixtures.ts'
import type { JournalRow } from '../journal.ts'
import type { Participant } from '../participant.ts'
import { answer, type StoryHappening, story, timePasses } from '../testing/index.ts'

export const sagaId = 'b-1'
export const event = (type: string, n = 1) => ({ type, bookingId: sagaId, n })
const echo = emit({ type: 'Echoed', bookingId: sagaId, n: 1 } as never)

export type Changes = { readonly waiting?: object; readonly seating?: object; readonly states?: object }

/** A guest books, waits for a table with a limit, and is seated. */
export const config = ({ waiting = {}, seating = {}, states = {} }: Changes = {}) => ({
  context: ({ input }: { input: { patience?: number } }) => ({ notes: 0, patience: input.patience ?? 1_000 }),
  initial: 'new',
  states: {
    new: { on: { Book: { target: 'waiting', actions: echo } } },
    waiting: {
      after: { 1000: 'left' },
      on: {
        Noted: {
          actions: assign({ notes: ({ context }: { context: { notes: number } }) => context.notes + 1 }),
        },
        Arrived: 'seating',
      },
      ...waiting,
    },
    seating: {
      invoke: { id: 'seat', src: 'seat', input: { table: 4 }, onDone: 'seated', onError: 'left' },
      ...seating,
    },
    seated: { on: { Left: 'left' } },
    left: { type: 'final' },
    ...states,
  },
})

export const work = { seat: { run: async () => ({}) } }
export const version1 = deskOf(config(), work)

export function recorded(part: Participant, ...happenings: readonly StoryHappening[]): readonly JournalRow[] {
  return (
    story({ participants: [part], sagaId })
      .when(event('Book'), ...happenings)
      .journals().desk ?? []
  )
}

/** Words that no journal of this saga has: a guest has none. */
export const heard = (id: string) => ({ bookingId: sagaId, n: Number(id.length) })

export const seated = recorded(version1, event('Noted'), event('Arrived'), answer('seat', {}), event('Left'))
export const lapsed = recorded(version1, timePasses('2s'))
