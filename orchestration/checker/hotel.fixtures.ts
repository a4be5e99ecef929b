import { type AnyStateMachine, emit } from 'xstate'
import { contracts, deskMachine } from '../booking.fixtures.ts'
import { type Participant, participant } from '../participant.ts'
import type { Cast, Outside, Saying } from './cast.ts'

/** How often the seat was given away. */
export type Hotel = { readonly seats: number }

export const data = { bookingId: 'booking-1', n: 1 }

/** An action that says an event. */
export const say = (type: string) => emit({ type, ...data })

export const book: Saying<Hotel> = { from: 'caller', type: 'Book', data, times: 1 }

/** A machine of the test's own. `seat` is its only actor. */
export function hotelPart(name: 'desk' | 'guest', config: object, deadline?: number): Participant {
  const machine: AnyStateMachine = deskMachine(config)
  const isInvoked = JSON.stringify(config).includes('"seat"')
  const seat = { run: async () => ({}), ...(deadline !== undefined && { deadline }) }
  return participant({
    name,
    version: '1',
    machine,
    effects: (isInvoked ? { seat } : {}) as never,
    contracts,
  })
}

const seats: Outside<Hotel> = {
  initial: { seats: 0 },
  calls: { seat: (world) => [{ world: { seats: world.seats + 1 }, done: {} }] },
}

type Wish = Partial<Omit<Cast<Hotel>, 'members'>> & {
  readonly desk?: Participant
  readonly guest?: Participant
}

/** A cast of a desk, a guest or both, which somebody calls once. */
export function hotel({ desk, guest, ...cast }: Wish): Cast<Hotel> {
  const members = [desk, guest].flatMap((part) => (part ? [{ part, file: `${part.name}.ts` }] : []))
  return {
    name: 'a booking',
    members,
    outside: seats,
    sayings: [book],
    repeats: 0,
    outcomes: { done: { desk: ['done'], guest: ['done'] } },
    invariants: [],
    ...cast,
  }
}

/** On Book it says these events, and is done. */
export const saying = (...types: string[]): Participant =>
  hotelPart('desk', {
    initial: 'new',
    states: { new: { on: { Book: { target: 'done', actions: types.map(say) } } }, done: { type: 'final' } },
  })
