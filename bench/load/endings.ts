import { contracts } from '#contracts'
import type { Broker, BrokerRecord } from '#messaging'
import { ways } from '../workload.ts'

/** What is seen of orders' endings, in Kafka and not in the store, so that looking costs the shop next to nothing. */
export type Endings = {
  /** Resolves with the moment, as `performance.now()`, in which the order's last event was seen; at once for one that was seen before it was asked for. */
  of(orderId: string): Promise<number>
  /** Orders that were asked for and whose ending was not seen yet. */
  open(): number
  close(): Promise<void>
}

const lastEvents: ReadonlySet<string> = new Set(ways.map(({ lastEvent }) => lastEvent))
const topics = [...lastEvents].map(
  (type) => (contracts.events as Record<string, { topic: string }>)[type]?.topic ?? '',
)

/** Watches from now on. `onLost` hears when the watching itself has died. */
export async function watchEndings(broker: Broker, onLost: (error: Error) => void): Promise<Endings> {
  const early = new Map<string, number>()
  const waiting = new Map<string, (at: number) => void>()

  function onRecords(records: readonly BrokerRecord[]): void {
    const now = performance.now()
    for (const { key, headers } of records)
      if (key !== null && lastEvents.has(headers.ce_type ?? '')) note(key, now)
  }

  function note(orderId: string, at: number): void {
    const tell = waiting.get(orderId)
    waiting.delete(orderId)
    if (tell) tell(at)
    else early.set(orderId, at)
  }

  const consumer = await broker.consume({
    groupId: 'bench',
    topics,
    assignment: 'standalone',
    startFrom: 'latest',
    handler: { onRecords, onFatal: onLost },
  })
  return {
    async of(orderId) {
      const seen = early.get(orderId)
      early.delete(orderId)
      return seen ?? (await new Promise((resolve) => waiting.set(orderId, resolve)))
    },
    open: () => waiting.size,
    close: () => consumer.close(),
  }
}
