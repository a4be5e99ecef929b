import { createLogger } from '#observability'
import { type Infrastructure, mongoStoryShelf } from '#orchestration'
import { participants } from '../../services/cast.ts'
import type { Measured } from '../measure.ts'
import type { Stage } from '../stage/stage.ts'
import { recordedWays } from '../tracker/sagas.ts'
import { endedWays, type Shelves, storeEndedOrders } from './ended-orders.ts'

/** The same load on a store that holds few orders, and on the same store when it holds many. */
export type Stored = {
  readonly before: Holding
  readonly after: Holding
  /** What an order costs after, as a multiple of what it cost before: in CPU time of participants, broker and store, and of each process. */
  readonly ratios: Ratios
}

export type Ratios = { readonly sum: number; readonly processes: Readonly<Record<string, number>> }

type Holding = {
  /** Orders in the store before its load began. */
  readonly orders: number
  readonly load: Measured
}

/** Measures a load on services that have just been started, fills the store, and measures it again in the same way. */
export async function stored(
  stage: Stage,
  {
    orders,
    placed,
    load,
    signal,
  }: {
    /** To be added. */
    orders: number
    /** How many orders this run has placed so far. */
    placed: () => number
    /** Services are cold before it. */
    load: () => Promise<Measured>
    signal: AbortSignal
  },
): Promise<Stored> {
  const { crew, infrastructure } = stage
  await crew.restart()
  const before = { orders: placed(), load: await load() }
  await crew.restart({}, () => fill(infrastructure, orders, signal))
  const after = { orders: placed() + orders, load: await load() }
  return { before, after, ratios: ratiosOf(before.load, after.load) }
}

async function fill(infrastructure: Infrastructure, orders: number, signal: AbortSignal): Promise<void> {
  const ways = endedWays(await recordedWays(createLogger({ service: 'bench', level: 'silent' })))
  await storeEndedOrders(orders, await shelvesOf(infrastructure), { ways, now: Date.now(), signal })
}

async function shelvesOf({ store, database }: Infrastructure): Promise<Shelves> {
  const names = Object.keys(participants)
  const stores = new Map(await Promise.all(names.map(async (name) => [name, await store(name)] as const)))
  const shelf = database && mongoStoryShelf(database)
  const serving = (await shelf?.generations())?.serving
  return { stores, stories: shelf && serving ? await shelf.open(serving) : null }
}

/** Of processes that did something in both. */
export function ratiosOf(before: Measured, after: Measured): Ratios {
  const earlier = new Map(before.processes.map(({ name, cpuMsPerOrder }) => [name, cpuMsPerOrder]))
  const processes = after.processes.flatMap(({ name, cpuMsPerOrder }) => {
    const base = earlier.get(name) ?? 0
    return base > 0 ? [[name, cpuMsPerOrder / base] as const] : []
  })
  return { sum: after.cpuMsPerOrder / before.cpuMsPerOrder, processes: Object.fromEntries(processes) }
}
