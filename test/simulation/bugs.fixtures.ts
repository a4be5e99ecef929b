import { bugs as crashBugs } from '../crash-bugs.fixtures.ts'
import { bugs as invariantBugs } from '../invariants/bugs.fixtures.ts'
import type { Bug } from './shop.ts'

export type PlantedBug = {
  readonly name: string
  /** Made anew for each run: some bugs happen once. */
  plant(): Bug
}

/** What it has said yes to is lost with its process. */
const sendsLater: PlantedBug = {
  name: 'a send that says yes before anything is stored',
  plant: () => ({
    broker: (broker, process, { scheduler }) => ({
      ...broker,
      async producer() {
        const producer = await broker.producer()
        let stored = Promise.resolve()
        return {
          ...producer,
          async send(messages) {
            stored = stored.then(
              () => new Promise<void>((resolve) => scheduler.after(20, 'sends later', resolve)),
            )
            stored = stored.then(async () => (process.isAlive() ? await producer.send(messages) : undefined))
          },
        }
      },
    }),
  }),
}

/** Of the bugs that the invariants are tried with, those below the processes; nobody traces here, and nothing was planned. */
const belowProcesses = invariantBugs.filter(
  ({ caughtBy, plant }) =>
    !['I11', 'I12'].includes(caughtBy) &&
    !Object.keys(plant()).some((seam) => ['api', 'stories'].includes(seam)),
)

export const bugs: readonly PlantedBug[] = [
  ...crashBugs
    .filter(({ name }) => name !== sendsLater.name)
    .map(({ name, ...bug }) => ({ name, plant: () => bug })),
  sendsLater,
  ...belowProcesses.map(({ name, plant }) => ({ name, plant: () => plant() as Bug })),
]
