import type { Scheduler } from '#orchestration/simulation'
import { gather } from '../invariants/collect.ts'
import type { RunFacts } from '../invariants/evidence.ts'
import { checkInvariants } from '../invariants/index.ts'
import { names } from '../invariants/parts.ts'
import { replayInto } from '../invariants/replay-all.ts'
import { troubleCompanies } from './companies.ts'
import { openDoors } from './crowd.ts'
import { type Bug, openShop, type Shop } from './shop.ts'

export type SeedOptions = {
  /** Chooses orders, times and faults. */
  readonly seed: number
  readonly sagas: number
  readonly bug?: Bug
  /** Is told every line of the trace. */
  readonly onTrace?: (line: string) => void
}

/** What became of one seed. */
export type SeedResult = {
  readonly seed: number
  readonly sagas: number
  /** Of all that happened, in its order: the same for the same seed. */
  readonly traceHash: string
  /** Rows that participants have written. */
  readonly steps: number
  /** Tasks of the scheduler. */
  readonly tasks: number
  /** Milliseconds of virtual time. */
  readonly time: number
  /** How often each kind of fault has struck. */
  readonly faults: Readonly<Record<string, number>>
  /** Transition of a machine → how often it was taken. */
  readonly edges: Readonly<Record<string, number>>
  /** What was wrong, as sentences. */
  readonly violations: readonly string[]
}

/** Milliseconds of virtual time: orders come, and faults strike, until these. */
const doors = 15_000
const chaos = 20_000
/** How long it may take after the last fault until every order has ended, and everything is read and owed to nobody. */
const rest = 300_000
const look = 500
/** In which nothing should happen any more. */
const quiet = 6_000

/** Of so many seeds, one has a tracker too, and replays all topics at its end. */
const trackedEvery = 16
/** Of so many seeds, in one every row is decided anew by its machine: that costs as much as a fifth of the run. */
const decidedAnewEvery = 4

/** All that is judged: there is no tracing (I11), and no plan that had to be kept (I12). */
const usual = ['I1', 'I2', 'I3', 'I4', 'I5', 'I7', 'I8', 'I9', 'I10']

/** What the invariants are told of every run: nothing was planned, and nobody traces. */
const facts = { paths: [], faults: [], withKills: true, limitMs: rest, spans: null }

/** Plays one seed to its rest, and judges what is left. Rejects only for a fault of the simulation itself. */
export async function runSeed({ seed, sagas, bug, onTrace }: SeedOptions): Promise<SeedResult> {
  const tracked = seed % trackedEvery === 0
  const shop = await openShop({ seed, bug, tracked, onTrace })
  const { scheduler, faults } = shop.world
  const beganAt = scheduler.now()
  const companies = troubleCompanies(shop)
  const orders = openDoors(shop, { orders: sagas, time: doors })
  await scheduler.run(() => false, chaos)
  shop.cluster.calm()
  companies.end()
  const calmSince = scheduler.now()
  const rested = await whenAtRest(shop)
  await scheduler.run(() => false, quiet)
  const replay = rested && tracked ? await replayed(shop) : null
  const evidence = await running(scheduler, gather(shop.sources, { ...facts, orders, calmSince, replay }))
  const only = seed % decidedAnewEvery === 0 ? [...usual, 'I6'] : usual
  return {
    seed,
    sagas,
    traceHash: scheduler.traceHash(),
    steps: names.reduce((sum, name) => sum + shop.rows[name].length, 0),
    tasks: scheduler.ran(),
    time: scheduler.now() - beganAt,
    faults: { ...faults.struck(), ...companies.struck() },
    edges: shop.edges(),
    violations: [
      ...shop.broken,
      ...checkInvariants(evidence, { only }).map(
        ({ invariant, sagaId = '', says }) => `${invariant} ${sagaId}: ${says}`,
      ),
      ...(rested ? [] : [`it has not come to rest ${rest} ms after the last fault`]),
    ],
  }
}

async function replayed({ world, sources }: Shop): Promise<RunFacts['replay']> {
  const { scheduler } = world
  const pause = () => new Promise<void>((resolve) => scheduler.after(look, 'the replay is read', resolve))
  return await running(scheduler, replayInto(sources, { pause }))
}

async function whenAtRest(shop: Shop): Promise<boolean> {
  const { scheduler } = shop.world
  let rested = false
  function lookAgain(): void {
    scheduler.after(look, 'is it at rest?', async () => {
      rested = await shop.isAtRest()
      if (!rested) lookAgain()
    })
  }
  lookAgain()
  return await scheduler.run(() => rested, rest)
}

/** Lets the world go on while the work waits for it. */
async function running<T>(scheduler: Scheduler, work: Promise<T>): Promise<T> {
  let over = false
  const end = () => {
    over = true
  }
  work.then(end, end)
  if (await scheduler.run(() => over, rest)) return await work
  throw new Error('the simulation waits in vain')
}
