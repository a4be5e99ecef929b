import type { Logger } from '#observability'
import { latenciesOf } from '../percentiles.ts'
import { usageOf } from '../process-usage.ts'
import { fill, idOf, recordedWays } from './sagas.ts'
import { trackerStage } from './stage.ts'

export type QueryResult = {
  readonly path: string
  /** Milliseconds until the whole answer was there. */
  readonly first: number
  readonly p50: number
  readonly max: number
  /** Milliseconds on a core, of the tracker, the store, and whoever asks: on a quiet machine it takes no longer. */
  readonly cpu: number
}

const times = 20

/** What people ask, and what is hardest to answer: rare things, last pages, and everything at once. */
function questions(count: number): string[] {
  const middle = idOf(Math.floor(count / 2))
  return [
    '/sagas?limit=50',
    '/sagas?limit=50&sort=newest',
    '/sagas?limit=50&sort=oldest',
    '/sagas?limit=50&state=active',
    '/sagas?limit=50&state=waiting',
    '/sagas?limit=50&state=ended',
    '/sagas?limit=50&step=payment.refunding',
    '/sagas?limit=50&step=payment.refunding&sort=newest',
    '/sagas?limit=50&step=order.cancelled&state=ended',
    '/sagas?limit=50&ending=delivered',
    '/sagas?limit=50&ending=cancelled&sort=oldest',
    '/sagas?limit=50&version=payment@2&olderThan=600000',
    '/sagas?limit=50&version=payment@1',
    '/sagas?limit=50&overdue=true',
    '/sagas?limit=50&cause=overdue',
    '/sagas?limit=50&cause=person',
    `/sagas?q=${middle}`,
    `/sagas?q=pay-${Math.floor(count / 2) + 1}`,
    '/sagas?q=nothing-of-this-name',
    `/sagas/${middle}`,
    '/overview',
    '/stuck',
  ]
}

/** Fills a store with so many sagas and asks the tracker's API each question some times, one after the other. */
export async function benchTracker(options: {
  readonly sagas: number
  /** Of a MongoDB server and its process; without it, stories are in memory. */
  readonly store: { readonly uri: string; readonly pid: number | undefined } | undefined
  readonly log: Logger
  /** Ends it with the signal's reason. */
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}): Promise<readonly QueryResult[]> {
  const { sagas, store, log, signal, say } = options
  const pids = [process.pid, ...(store?.pid ? [store.pid] : [])]
  const cpuMs = () => pids.reduce((sum, pid) => sum + usageOf(pid).cpuMs, 0)
  const ways = await recordedWays(log)
  const stage = await trackerStage(store?.uri, log)
  try {
    const began = performance.now()
    await fill(stage.store, ways, { count: sagas, now: Date.now(), signal })
    const seconds = (performance.now() - began) / 1000
    const { running, waiting, ended } = await stage.store.tally()
    say(`${sagas} sagas in ${seconds.toFixed(1)} s: ${running} running, ${waiting} waiting, ${ended} ended`)
    const results: QueryResult[] = []
    for (const path of [...questions(sagas), await laterPage(stage.address)]) {
      signal.throwIfAborted()
      results.push(await ask(stage.address, path, cpuMs))
    }
    return results
  } finally {
    await stage.close()
  }
}

async function ask(address: string, path: string, cpuMs: () => number): Promise<QueryResult> {
  const taken: number[] = []
  const before = cpuMs()
  for (let i = 0; i < times; i++) {
    const began = performance.now()
    await json(address, path)
    taken.push(performance.now() - began)
  }
  const { p50, max } = latenciesOf(taken)
  return { path, first: taken[0] ?? 0, p50, max, cpu: (cpuMs() - before) / times }
}

/** The address of the twentieth page of all sagas. */
async function laterPage(address: string): Promise<string> {
  let path = '/sagas?limit=500'
  for (let page = 1; page < 20; page++) {
    const { next } = (await json(address, path)) as { readonly next?: string }
    if (!next) break
    path = `/sagas?limit=500&cursor=${next}`
  }
  return path.replace('limit=500', 'limit=50')
}

async function json(address: string, path: string): Promise<unknown> {
  const response = await fetch(`${address}/api/v1${path}`, { signal: AbortSignal.timeout(60_000) })
  if (!response.ok) throw new Error(`GET ${path} answered ${response.status}: ${await response.text()}`)
  return await response.json()
}
