import { amount } from '../../scripts/shop/example-order.ts'
import {
  type AcceptedOrder,
  checkInvariants,
  collectEvidence,
  type RunFacts,
  replayAll,
  type SeenSpan,
  seenSpans,
  type Violation,
} from '../invariants/index.ts'
import { startOtlpEndpoint } from '../otlp-endpoint.ts'
import { openDoors } from './crowd.ts'
import type { Purchase } from './customer.ts'
import { type PlayedFault, playFaults } from './director.ts'
import type { Accident } from './instance.ts'
import { type LagSample, watchLag } from './lag.ts'
import { endingsOf, paths } from './paths.ts'
import { rest } from './rest.ts'
import type { Schedule } from './schedule.ts'
import { limitFor, type Patience, settingsFor } from './settings.ts'
import { openStage, type Stage } from './stage.ts'

export type RunOptions = {
  readonly schedule: Schedule
  readonly patience: Patience
  /** For data and logs of servers and services. */
  readonly folder: string
  /** Collect every span, to check the traces too: for some hundred orders. */
  readonly withSpans?: boolean
  /** A registry that answers already, for schedules that leave it alone. Default: one of its own. */
  readonly registryUrl?: string | undefined
  readonly signal: AbortSignal
  /** Without it nothing is printed. */
  readonly say?: (line: string) => void
}

/** What a run was and what came of it. Times in epoch milliseconds. */
export type RunResult = Played & {
  readonly schedule: Schedule
  readonly servers: readonly string[]
  readonly checkedAt: number
  readonly accidents: readonly Accident[]
  /** What a customer must never meet, and what stood in the way of the end. */
  readonly refusals: readonly string[]
  readonly violations: readonly Violation[]
}

type Played = {
  readonly beganAt: number
  readonly calmSince: number
  /** When the last order had ended and nothing was left to be read. */
  readonly endedAt: number
  readonly purchases: readonly Purchase[]
  /** Order id → when it ended. */
  readonly ended: ReadonlyMap<string, number>
  readonly faults: readonly PlayedFault[]
  readonly lag: readonly LagSample[]
  readonly refusals: readonly string[]
}

const lagEveryMs = 2_000

/** Plays a schedule on servers and services of its own, waits until everything has ended, and judges it. Leaves nothing running. */
export async function runChaos(options: RunOptions): Promise<RunResult> {
  const { schedule, patience, folder, registryUrl, signal, withSpans, say } = options
  const quiet = say === undefined
  const traces = withSpans ? await startOtlpEndpoint() : undefined
  const settings = { ...settingsFor(patience), OTEL_EXPORTER_OTLP_ENDPOINT: traces?.url ?? '' }
  const stage = await openStage({ folder, settings, registryUrl, signal, quiet })
  try {
    const servers = stage.servers.servers.map(({ name, version }) => `${name} ${version}`)
    say?.(`${servers.join(', ')}; ${schedule.orders} orders, ${schedule.faults.length} faults`)
    const played = await play(stage, options)
    const violations = await judge(stage, played, options, () => seenSpans(traces?.spans() ?? []))
    const accidents = [...stage.instances.values()].flatMap((instance) => instance.accidents)
    return { schedule, servers, ...played, ...violations, accidents, checkedAt: Date.now() }
  } finally {
    await stage.stop()
    await traces?.close()
  }
}

async function play(
  stage: Stage,
  { schedule, patience, signal, say = () => {} }: RunOptions,
): Promise<Played> {
  const closing = new AbortController()
  const lagWatch = watchLag(stage.shop.infrastructure.broker, lagEveryMs)
  try {
    const beganAt = Date.now()
    const giveUp = AbortSignal.any([signal, closing.signal])
    const crowd = openDoors(schedule, { api: () => anyApi(stage), signal: giveUp })
    const playing = playFaults(schedule.faults, stage, { beganAt, signal, say })
    const [faults] = await Promise.all([playing, crowd.asked])
    signal.throwIfAborted()
    const calmSince = Date.now()
    say(`calm after ${seconds(calmSince - beganAt)}; waiting until everything has ended`)
    const unrest = await rest(stage, crowd, calmSince + limitFor(patience))
    const endedAt = Date.now()
    say(unrest ?? `everything has ended ${seconds(endedAt - calmSince)} later; checking`)
    const { purchases } = crowd
    const refusals = [...crowd.refusals, ...(unrest ? [unrest] : [])]
    const ended = new Map(stage.tap.ended)
    return { beganAt, calmSince, endedAt, purchases, ended, faults, lag: await lagWatch.stop(), refusals }
  } finally {
    closing.abort()
    await lagWatch.stop()
  }
}

/** What stands in the servers, read when nobody changes it any more. */
async function judge(
  stage: Stage,
  played: Played,
  { patience, withSpans }: RunOptions,
  spans: () => readonly SeenSpan[],
): Promise<Pick<RunResult, 'violations' | 'refusals'>> {
  const refusals = [...played.refusals]
  // What has not come to rest would change under a replay.
  const replay =
    refusals.length > 0
      ? null
      : await replayAll(stage.shop).catch((error) => void refusals.push(String(error)))
  await dismiss(stage)
  const evidence = await collectEvidence(stage.shop, {
    ...factsOf(played),
    limitMs: limitFor(patience),
    spans: withSpans ? spans() : null,
    replay: replay ?? null,
  })
  await stage.stop()
  return { violations: checkInvariants(evidence), refusals }
}

/** As behind a load balancer: one that is ready, else any. */
function anyApi({ instances }: Stage): string {
  const all = [...instances.values()].filter(({ service, spare }) => service === 'order' && !spare)
  const ready = all.filter((instance) => instance.isReady())
  const candidates = ready.length > 0 ? ready : all
  return candidates[Math.floor(Math.random() * candidates.length)]?.address ?? ''
}

/** Nobody changes anything any more while it is read. The sandbox stays: it holds the ledger. */
async function dismiss({ instances }: Stage): Promise<void> {
  const services = [...instances.values()].filter(({ service }) => service !== 'sandbox')
  await Promise.all(services.map((instance) => instance.down('SIGTERM')))
}

function factsOf({ purchases, faults, calmSince }: Played): Omit<RunFacts, 'limitMs' | 'spans' | 'replay'> {
  const orders = purchases.flatMap(({ accepted, path }): AcceptedOrder[] => {
    if (!accepted) return []
    const { orderId, at: acceptedAt } = accepted
    return [{ orderId, acceptedAt, amount, path: path.name, endings: endingsOf(path) }]
  })
  return {
    orders,
    paths: paths.map(({ name, ending }) => ({ name, ending })),
    faults: faults.map(({ kind, target, firedAt }) => ({ kind, target, firedAt })),
    withKills: true,
    calmSince,
  }
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`
