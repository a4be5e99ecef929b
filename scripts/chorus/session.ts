import type { Surroundings, World } from './surroundings.ts'

/** What the commands of one command line share. */
export type Session = Surroundings &
  Pick<World, 'participants'> & {
    /** Connects, does the work and lets go. The work resolves with how many things failed. */
    on(work: (world: World) => Promise<number>): Promise<void>
    failed(): number
  }

export function session(surroundings: Surroundings): Session {
  const { contracts, clock, connect } = surroundings
  const participants = [...new Set(Object.values(contracts.events).map(({ owner }) => owner))]
  let failures = 0
  return {
    ...surroundings,
    participants,
    failed: () => failures,
    async on(work) {
      const infrastructure = await connect()
      try {
        failures += await work({ infrastructure, contracts, participants, clock })
      } finally {
        await infrastructure.close()
      }
    },
  }
}
