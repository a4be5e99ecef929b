import { join } from 'node:path'
import { audit } from './audit.ts'
import { calibrate } from './calibration.ts'
import { type Customers, customers } from './load/customers.ts'
import { type Endings, watchEndings } from './load/endings.ts'
import type { Entry } from './load/entry.ts'
import { httpEntry } from './load/http-entry.ts'
import { kafkaEntry } from './load/kafka-entry.ts'
import { belowMaximum, inFlight } from './loads.ts'
import { machine } from './machine.ts'
import { type Load, type Measured, measure } from './measure.ts'
import type { BenchOptions } from './options.ts'
import { profiled, profileTables } from './profiling.ts'
import { loadLines } from './report/lines.ts'
import { countRequests } from './requests-per-order.ts'
import type { BenchResult, RequestsPerOrder } from './result.ts'
import type { Surroundings } from './script.ts'
import { openStage, type Stage } from './stage/stage.ts'
import { watchedOn } from './stage/watched.ts'
import { perOrder, storedBytes } from './stored-bytes.ts'

export type RunOptions = BenchOptions & Surroundings

/** In flight while the services get warm, and at most while requests are counted. */
const usualLoad = 128
const violationsTold = 20

/**
 * Measures the shop on servers and services of its own, then checks its orders. Rejects when an order does not end, a service dies, or an
 * invariant is broken; leaves nothing running.
 */
export async function runBench(options: RunOptions): Promise<BenchResult> {
  const at = new Date().toISOString()
  const before = calibrate()
  const found = await runOnStage(options)
  const calibration = { before, after: calibrate() }
  return { command: options.command, at, machine: machine(), calibration, ...found }
}

async function runOnStage(
  options: RunOptions,
): Promise<Omit<BenchResult, 'command' | 'at' | 'machine' | 'calibration'>> {
  const { folder, instances, tracker: withTracker, tracing: withTracing } = options
  const dead = new AbortController()
  const signal = AbortSignal.any([options.signal, dead.signal])
  const onDeath = (id: string, how: string) => dead.abort(new Error(`${id} has ended: ${how}`))
  const stage = await openStage({ folder, instances, withTracker, withTracing, signal, onDeath })
  try {
    const { customers, loads, requests, empty } = await playOn(stage, { ...options, signal })
    const { violations, ...checked } = await audit(stage, customers.orders)
    for (const { invariant, sagaId = '', says } of violations.slice(0, violationsTold))
      options.say(`✗ ${invariant} ${sagaId} ${says}`)
    if (violations.length > 0) throw new Error(`${violations.length} violations: the figures mean nothing`)
    return {
      servers: stage.servers.servers.map(({ name, version }) => `${name} ${version}`),
      settings: settingsOf(options, stage),
      loads,
      requests,
      storedPerOrder: perOrder(empty, storedBytes(join(folder, 'data')), checked.orders),
      audit: { ...checked, violations: violations.length },
    }
  } finally {
    await stage.stop()
  }
}

type Played = {
  readonly customers: Customers
  readonly loads: readonly Measured[]
  readonly requests: RequestsPerOrder | null
  readonly empty: ReturnType<typeof storedBytes>
}

async function playOn(stage: Stage, options: RunOptions): Promise<Played> {
  const { loads: wanted, seconds, warmUp, profile, folder, signal, say } = options
  const lost = new AbortController()
  const either = AbortSignal.any([signal, lost.signal])
  await stage.crew.start(profiled(profile, folder))
  const endings = await watchEndings(stage.infrastructure.broker, (error) => lost.abort(error))
  const entry = await entryFor(stage, options)
  const crowd = customers(entry, endings)
  const empty = storedBytes(join(folder, 'data'))

  async function measured(load: Load, length: number): Promise<Measured> {
    const watched = watchedOn(stage)
    const one = await measure(load, { customers: crowd, watched, seconds: length, signal: either })
    for (const line of loadLines(one)) say(line)
    return one
  }

  try {
    await measured({ ...inFlight(usualLoad), name: 'warm-up' }, warmUp)
    const loads: Measured[] = []
    for (const count of wanted) loads.push(await measured(inFlight(count), seconds))
    if (profile.length > 0) {
      // They write their profiles when they end.
      await stage.crew.restart()
      for (const line of profileTables(profile, folder, loads)) say(line)
      return { customers: crowd, loads, requests: null, empty }
    }
    loads.push(await measured(belowMaximum(loads), seconds))
    const requests = await counted(stage, { ...options, signal: either }, crowd)
    return { customers: crowd, loads, requests, empty }
  } finally {
    await close(entry, endings)
  }
}

async function counted(stage: Stage, options: RunOptions, crowd: Customers): Promise<RequestsPerOrder> {
  const { loads, seconds, signal } = options
  await stage.crew.restart(stage.counters.settings())
  const orders = Math.max(...loads.filter((count) => count <= usualLoad), 1)
  return await countRequests(stage, { customers: crowd, orders, seconds, signal })
}

async function entryFor({ crew, infrastructure }: Stage, { entry }: RunOptions): Promise<Entry> {
  return entry === 'http'
    ? httpEntry(crew.addresses('order'))
    : await kafkaEntry(infrastructure.broker, infrastructure.codec)
}

async function close(entry: Entry, endings: Endings): Promise<void> {
  await entry.close()
  await endings.close()
}

function settingsOf(options: RunOptions, { traces }: Stage): BenchResult['settings'] {
  const { entry, instances, tracker, warmUp: warmUpSeconds } = options
  return { entry, instances, tracker, traces: traces?.name ?? null, warmUpSeconds }
}
