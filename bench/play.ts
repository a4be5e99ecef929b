import { join } from 'node:path'
import { type Drain, drain } from './drain/drain.ts'
import { type Customers, customers, type Order } from './load/customers.ts'
import { watchEndings } from './load/endings.ts'
import type { Entry } from './load/entry.ts'
import { httpEntry } from './load/http-entry.ts'
import { kafkaEntry } from './load/kafka-entry.ts'
import { belowMaximum, inFlight } from './loads.ts'
import { type Load, type Measured, measure } from './measure.ts'
import { profiled, profileTables } from './profiling.ts'
import { loadLines } from './report/lines.ts'
import { drainSection, soakSection, storedSection } from './report/sections.ts'
import { countRequests } from './requests-per-order.ts'
import type { BenchResult, RequestsPerOrder } from './result.ts'
import type { RunOptions } from './run.ts'
import { type Soak, soak } from './soak/soak.ts'
import type { Stage } from './stage/stage.ts'
import { watchedOn } from './stage/watched.ts'
import { type Stored, stored } from './stored/stored.ts'
import { perOrder, type StoredBytes, storedBytes } from './stored-bytes.ts'

type Found = Pick<BenchResult, 'loads' | 'requests' | 'storedPerOrder' | 'drain' | 'soak' | 'stored'>

/** What was measured, and with which orders. */
export type Played = Found & {
  /** They have all ended. */
  readonly orders: readonly Order[]
}

/** What every part of a run is played with. */
type Run = {
  readonly stage: Stage
  readonly options: RunOptions
  /** Who orders as the options say. */
  readonly crowd: Customers
  customersOf(entry: Entry): Customers
  /** Of all customers so far. */
  orders(): readonly Order[]
}

/** In flight while the services get warm, at most while requests are counted, and in whatever is compared. */
const usualCount = 128
const usualLoad = inFlight(usualCount)

/** Starts the services and measures what the options ask for. Rejects when an order does not end. */
export async function play(stage: Stage, options: RunOptions): Promise<Played> {
  const { profile, folder } = options
  const lost = new AbortController()
  const signal = AbortSignal.any([options.signal, lost.signal])
  await stage.crew.start(profiled(profile, folder))
  const endings = await watchEndings(stage.infrastructure.broker, (error) => lost.abort(error))
  const entry = await entryFor(stage, options)
  const crowds: Customers[] = []
  function customersOf(from: Entry): Customers {
    const crowd = customers(from, endings)
    crowds.push(crowd)
    return crowd
  }
  const orders = () => crowds.flatMap((crowd) => crowd.orders)
  const run = { stage, options: { ...options, signal }, crowd: customersOf(entry), customersOf, orders }
  try {
    const found = profile.length > 0 ? await playProfiled(run) : await playAll(run)
    return { ...found, orders: orders() }
  } finally {
    await entry.close()
    await endings.close()
  }
}

async function playProfiled(run: Run): Promise<Found> {
  const { stage, options } = run
  const { profile, folder, say } = options
  const empty = bytesOf(run)
  const loads = await closedLoops(run)
  // They write their profiles when they end.
  await stage.crew.restart()
  for (const line of profileTables(profile, folder, loads)) say(line)
  return { loads, requests: null, storedPerOrder: perOrder(empty, bytesOf(run), run.orders().length) }
}

/** In this order, so that no part sees what another one has done to the services, or has put into the store. */
async function playAll(run: Run): Promise<Found> {
  const { seconds, soak, drain, stored } = run.options
  const empty = bytesOf(run)
  const loads = await closedLoops(run)
  const steady = belowMaximum(loads)
  loads.push(await measured(run, steady, seconds))
  const soaked = soak ? await soakWith(run, steady, soak) : undefined
  const requests = await counted(run)
  const storedPerOrder = perOrder(empty, bytesOf(run), run.orders().length)
  const drained = drain ? await drainBeside(run, loads, drain) : undefined
  const filled = stored ? await storedAmong(run, stored) : undefined
  return { loads, requests, storedPerOrder, soak: soaked, drain: drained, stored: filled }
}

async function closedLoops(run: Run): Promise<Measured[]> {
  const { loads, seconds, drain } = run.options
  const counts = drain ? new Set([...loads, usualCount]) : loads
  await warmUp(run)
  const found: Measured[] = []
  for (const count of counts) found.push(await measured(run, inFlight(count), seconds))
  return found
}

async function warmUp(run: Run): Promise<void> {
  await measured(run, { ...usualLoad, name: 'warm-up' }, run.options.warmUp)
}

async function measured(run: Run, load: Load, seconds: number): Promise<Measured> {
  const { stage, crowd, options } = run
  const { signal, say } = options
  const found = await measure(load, { customers: crowd, watched: watchedOn(stage), seconds, signal })
  for (const line of loadLines(found)) say(line)
  return found
}

async function soakWith({ stage, crowd, options }: Run, load: Load, minutes: number): Promise<Soak> {
  const { signal, say } = options
  const watched = watchedOn(stage)
  const found = await soak(load, { customers: crowd, watched, seconds: 60 * minutes, signal })
  say(soakSection(found).join('\n\n'))
  return found
}

async function counted({ stage, crowd, options }: Run): Promise<RequestsPerOrder> {
  const { loads, seconds, signal } = options
  await stage.crew.restart(stage.counters.settings())
  const orders = Math.max(...loads.filter((count) => count <= usualCount), 1)
  return await countRequests(stage, { customers: crowd, orders, seconds, signal })
}

async function drainBeside(run: Run, loads: readonly Measured[], orders: number): Promise<Drain> {
  const { stage, customersOf, options } = run
  const beside = loads.find(({ name }) => name === usualLoad.name)
  if (!beside) throw new Error(`"${usualLoad.name}" was not measured`)
  const found = await drain(stage, { orders, beside, customersOf, signal: options.signal })
  options.say(drainSection(found).join('\n\n'))
  return found
}

async function storedAmong(run: Run, orders: number): Promise<Stored> {
  const { stage, options } = run
  const { seconds, signal, say } = options
  async function load(): Promise<Measured> {
    await warmUp(run)
    return await measured(run, usualLoad, seconds)
  }
  const found = await stored(stage, { orders, placed: () => run.orders().length, load, signal })
  say(storedSection(found).join('\n\n'))
  return found
}

function bytesOf({ options }: Run): StoredBytes {
  return storedBytes(join(options.folder, 'data'))
}

async function entryFor({ crew, infrastructure }: Stage, { entry }: RunOptions): Promise<Entry> {
  return entry === 'http'
    ? httpEntry(crew.addresses('order'))
    : await kafkaEntry(infrastructure.broker, infrastructure.codec)
}
