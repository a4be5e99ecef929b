import { setTimeout as sleep } from 'node:timers/promises'
import type { Broker } from '#messaging'
import { stepsTopic } from '#orchestration'
import { names, parts } from '../invariants/parts.ts'

/** Records that the groups have not handled yet, all together; `null` when nobody could tell. */
export type LagSample = { readonly at: number; readonly lag: number | null }

const groups = [
  ...names.map((name) => ({ group: name as string, topics: parts[name].topics })),
  { group: 'tracker', topics: [stepsTopic] },
]

/** Looks at the lag of all groups every few seconds until it is told to stop. */
export function watchLag(broker: Broker, everyMs: number): { stop(): Promise<readonly LagSample[]> } {
  const samples: LagSample[] = []
  const stopping = new AbortController()

  async function watch(): Promise<void> {
    const admin = await broker.admin()
    while (!stopping.signal.aborted) {
      const at = Date.now()
      const lags = groups.map(({ group, topics }) => admin.lag(group, topics))
      const lag = await Promise.all(lags).then(
        // Ends are asked for before commits, which may be further by then.
        (told) =>
          told
            .flatMap(({ partitions }) => partitions)
            .reduce((sum, { lag }) => sum + Math.max(0, Number(lag)), 0),
        () => null,
      )
      samples.push({ at, lag })
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => {})
    }
    await admin.close()
  }

  const watching = watch()
  return {
    async stop() {
      stopping.abort()
      await watching
      return samples
    },
  }
}
