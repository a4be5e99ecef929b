import { mkdirSync, rmSync } from 'node:fs'
import { calibrate } from '../calibration.ts'
import { customers } from '../load/customers.ts'
import { inFlight } from '../loads.ts'
import { type Measured, measure } from '../measure.ts'
import { refused } from '../workload.ts'
import type { Engine } from './engine.ts'

/** What one engine did when it was its turn. */
export type Turn = {
  readonly engine: string
  /** Name and version of what it is made of. */
  readonly versions: readonly string[]
  /** Of the calibration loop before it, in ms. */
  readonly calibration: number
  readonly loads: readonly Measured[]
  /** All of them ended as they should. */
  readonly orders: number
  /** Of these, refused by the carrier and given back. */
  readonly refunded: number
}

export type TurnOptions = {
  /** Orders in flight, a load each. The warm-up is the first of them. */
  readonly loads: readonly number[]
  readonly seconds: number
  readonly warmUp: number
}

/** Starts an engine from nothing, measures it when it is warm, checks every order, and stops it. Rejects when an order is wrong or a process dies. */
export async function takeTurn(
  engine: Engine,
  { loads, seconds, warmUp, folder, signal }: TurnOptions & { folder: string; signal: AbortSignal },
): Promise<Turn> {
  mkdirSync(folder)
  const calibration = calibrate()
  const dead = new AbortController()
  const either = AbortSignal.any([signal, dead.signal])
  const open = await engine.open({
    folder,
    signal: either,
    onDeath: (id, how) => dead.abort(new Error(`${engine.name}: ${id} has ended: ${how}`)),
  })
  try {
    const { entry, endings, watched } = open
    const crowd = customers(entry, endings)
    const measured = async (count: number, length: number): Promise<Measured> =>
      await measure(inFlight(count), { customers: crowd, watched, seconds: length, signal: either })
    await measured(loads[0] ?? 1, warmUp)
    const results: Measured[] = []
    for (const count of loads) results.push(await measured(count, seconds))
    await open.check(crowd.orders)
    return {
      engine: engine.name,
      versions: open.versions,
      calibration,
      loads: results,
      orders: crowd.orders.length,
      refunded: crowd.orders.filter(({ way }) => way === refused).length,
    }
  } finally {
    await open.entry.close()
    await open.stop()
    rmSync(folder, { recursive: true })
  }
}
