import { join } from 'node:path'
import { Problem } from '../../infra/problem.ts'
import { calibrate } from '../calibration.ts'
import { machine } from '../machine.ts'
import { loadLines } from '../report/lines.ts'
import type { Surroundings } from '../script.ts'
import { chorus } from './chorus.ts'
import { dbos } from './dbos/engine.ts'
import { postgresVersion } from './dbos/postgres.ts'
import type { Engine } from './engine.ts'
import type { PeerName, PeersOptions } from './options.ts'
import { dbosPins, packagesOf, restatePins } from './packages.ts'
import { restate } from './restate/engine.ts'
import type { PeersResult } from './result.ts'
import { type Turn, takeTurn } from './turn.ts'

export type RunPeersOptions = PeersOptions & Surroundings

/**
 * Measures this shop and its peers in turns, each from nothing: A, B, C, A, B, C. A peer that cannot be had is left out and said so.
 * Rejects when an order does not end as it should; leaves nothing running.
 */
export async function runPeers(options: RunPeersOptions): Promise<PeersResult> {
  const { pairs, inFlight, seconds, warmUp, tracker, tracing, folder, signal, say } = options
  const at = new Date().toISOString()
  const { engines, notRun } = await gather(options)
  const settings = { pairs, loads: [...new Set([inFlight, 1])], seconds, warmUp, tracker, tracing }
  const turns: Turn[] = []
  for (let pair = 1; pair <= pairs; pair++)
    for (const engine of engines) {
      const turn = await takeTurn(engine, { ...settings, folder: join(folder, engine.name), signal })
      turns.push(turn)
      say(
        `${engine.name}, turn ${pair} of ${pairs}: ${turn.orders} orders, calibration ${turn.calibration.toFixed(0)} ms`,
      )
      for (const line of turn.loads.flatMap(loadLines)) say(`  ${line}`)
    }
  return {
    command: options.command,
    at,
    machine: machine(),
    settings,
    notRun,
    turns,
    calibrationAfter: calibrate(),
  }
}

async function gather({
  peers,
  tracker: withTracker,
  tracing: withTracing,
  signal,
  say,
}: RunPeersOptions): Promise<{ engines: Engine[]; notRun: PeersResult['notRun'] }> {
  const engines = [chorus({ withTracker, withTracing })]
  const notRun: { name: PeerName; why: string }[] = []
  for (const name of peers)
    try {
      engines.push(await findPeer[name](signal))
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const why = `${error.message} ${error.why.split('\n')[0]}; ${error.fix}`
      notRun.push({ name, why })
      say(`${name} is not run: ${why}`)
    }
  return { engines, notRun }
}

const findPeer: Readonly<Record<PeerName, (signal: AbortSignal) => Promise<Engine>>> = {
  restate: async (signal) => restate(await packagesOf(restatePins, signal)),
  async dbos(signal) {
    await postgresVersion()
    return dbos(await packagesOf(dbosPins, signal))
  },
}
