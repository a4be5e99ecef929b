import { type AnyStateMachine, assign, emit, fromPromise, setup } from 'xstate'
import type { Contracts, EventContract } from '#messaging'
import type { Effect } from './effects/effect.ts'
import { type Participant, type ParticipantOptions, participant } from './participant.ts'

/** The desk takes bookings; guests speak of themselves. All events have the same two fields. */
const spoken = {
  'desk.commands': { owner: 'desk', types: ['Book', 'Hurry'] },
  'desk.events': { owner: 'desk', types: ['Booked', 'Echoed', 'CheckedIn', 'Refused', 'Lapsed'] },
  'guest.events': { owner: 'guest', types: ['Noted', 'Sat', 'Arrived', 'Left', 'Thanked'] },
}

const contractOf = (topic: string, owner: string, type: string): EventContract => ({
  type,
  topic,
  owner,
  subject: `${topic}-test.${owner}.${type}`,
  schema: {
    type: 'record',
    name: type,
    namespace: `test.${owner}`,
    fields: [
      { name: 'bookingId', type: 'string' },
      { name: 'n', type: 'int' },
    ],
  },
})

export const contracts: Contracts = {
  events: Object.fromEntries(
    Object.entries(spoken).flatMap(([topic, { owner, types }]) =>
      types.map((type) => [type, contractOf(topic, owner, type)]),
    ),
  ),
}

export const patience = 3_600_000

type Context = { readonly bookingId: string; readonly notes: number }
type Said = { readonly bookingId: string; readonly n: number }

const said = (type: string, { bookingId, notes }: Context, n = notes) => ({ type, bookingId, n })

/** A placeholder: the work stands in `effects`. */
export const performed = async (): Promise<never> => {
  throw new Error('performed by an effect')
}

/** Echoes what it hears, waits with a limit, and checks guests in with an effect. */
const bookingMachine = setup({
  types: {
    input: {} as { sagaId: string },
    context: {} as Context,
    events: {} as { type: string } & Said,
    emitted: {} as { type: string } & Said,
  },
  actors: { checkIn: fromPromise<{ room: number }, { bookingId: string }>(performed) },
  actions: {
    count: assign({ notes: ({ context }) => context.notes + 1 }),
    echo: emit(({ context, event }) => said('Echoed', context, event.n)),
  },
  delays: { patience },
}).createMachine({
  id: 'booking',
  context: ({ input }) => ({ bookingId: input.sagaId, notes: 0 }),
  initial: 'new',
  states: {
    new: { on: { Book: { target: 'booked', actions: emit(({ context }) => said('Booked', context)) } } },
    booked: {
      on: {
        Noted: { actions: ['count', 'echo'] },
        Hurry: { actions: 'echo' },
        Sat: 'waiting',
        Arrived: 'checkingIn',
        Left: 'left',
      },
    },
    waiting: {
      after: { patience: { target: 'lapsed', actions: emit(({ context }) => said('Lapsed', context)) } },
      on: { Sat: { target: 'waiting', reenter: true }, Noted: { actions: 'echo' }, Left: 'left' },
    },
    checkingIn: {
      invoke: {
        id: 'checkIn',
        src: 'checkIn',
        input: ({ context }) => ({ bookingId: context.bookingId }),
        onDone: { target: 'checkedIn', actions: emit(({ context }) => said('CheckedIn', context)) },
        onError: { target: 'refused', actions: emit(({ context }) => said('Refused', context)) },
      },
      on: { Arrived: { target: 'checkingIn', reenter: true }, Left: 'left' },
    },
    checkedIn: { on: { Thanked: { actions: 'echo' }, Left: 'left' } },
    refused: { on: { Left: 'left' } },
    left: { type: 'final' },
    lapsed: { type: 'final' },
  },
})

export type CheckIn = Effect<{ bookingId: string }, { room: number }>

/** The desk, with this work behind its one effect. */
export function desk(checkIn: CheckIn = { run: async () => ({ room: 7 }) }, version = '1'): Participant {
  return participant({ name: 'desk', version, machine: bookingMachine, effects: { checkIn }, contracts })
}

type Versions = Pick<ParticipantOptions<AnyStateMachine>, 'earlier' | 'migrate'> & {
  readonly version?: string
}

/** A desk with a machine of the test's own; `seat` is its only actor. */
export function deskOf(config: object, effects: object = {}, versions: Versions = {}): Participant {
  const machine = deskMachine(config)
  return participant({
    name: 'desk',
    version: '1',
    machine,
    effects: effects as never,
    contracts,
    ...versions,
  })
}

export function deskMachine(config: object): AnyStateMachine {
  return setup({ actors: { seat: fromPromise(performed) } }).createMachine({
    id: 'desk',
    ...config,
  } as never) as unknown as AnyStateMachine
}
