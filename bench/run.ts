import { audit } from './audit.ts'
import { calibrate } from './calibration.ts'
import { machine } from './machine.ts'
import type { BenchOptions } from './options.ts'
import { play } from './play.ts'
import type { BenchResult } from './result.ts'
import type { Surroundings } from './script.ts'
import { openStage, type Stage } from './stage/stage.ts'

export type RunOptions = BenchOptions & Surroundings

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
    const { orders, ...found } = await play(stage, { ...options, signal })
    const { violations, ...checked } = await audit(stage, orders, 1_000 * (found.drain?.queuedSeconds ?? 0))
    for (const { invariant, sagaId = '', says } of violations.slice(0, violationsTold))
      options.say(`✗ ${invariant} ${sagaId} ${says}`)
    if (violations.length > 0) throw new Error(`${violations.length} violations: the figures mean nothing`)
    return {
      servers: stage.servers.servers.map(({ name, version }) => `${name} ${version}`),
      settings: settingsOf(options, stage),
      ...found,
      audit: { ...checked, violations: violations.length },
    }
  } finally {
    await stage.stop()
  }
}

function settingsOf(options: RunOptions, { traces }: Stage): BenchResult['settings'] {
  const { entry, instances, tracker, warmUp: warmUpSeconds } = options
  return { entry, instances, tracker, traces: traces?.name ?? null, warmUpSeconds }
}
