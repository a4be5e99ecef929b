import { type OperatorContext, ownersIn } from '#orchestration/operations'
import type { Surroundings } from './surroundings.ts'
import { type Tracker, trackerAt } from './tracker.ts'

/** What the commands of one command line share. */
export type Session = Surroundings &
  Pick<OperatorContext, 'participants'> & {
    /** Connects, does the work and lets go. The work resolves with how many things failed. */
    on(work: (context: OperatorContext) => Promise<number>): Promise<void>
    /** The same for work that needs no servers but those whose APIs it asks. */
    count(work: () => Promise<number>): Promise<void>
    tracker(): Tracker
    failed(): number
  }

export function session(surroundings: Surroundings): Session {
  const { contracts, clock, connect, addressOf } = surroundings
  const participants = ownersIn(contracts)
  let failures = 0
  return {
    ...surroundings,
    participants,
    failed: () => failures,
    tracker: () => trackerAt(addressOf('tracker')),
    async on(work) {
      const infrastructure = await connect()
      try {
        failures += await work({ infrastructure, contracts, participants, clock })
      } finally {
        await infrastructure.close()
      }
    },
    async count(work) {
      failures += await work()
    },
  }
}
