import type { Environment } from '#orchestration'
import type { KafkaListener } from '../../infra/kafka.ts'
import { type CountingProxy, countingProxy, kafkaProtocol, storeProtocol } from '../wire/counting-proxy.ts'
import type { Counts } from '../wire/requests.ts'

/** Services whose requests are counted, each with proxies of its own. */
export const countedServices = ['order', 'payment', 'shipping', 'tracker'] as const
export type CountedService = (typeof countedServices)[number]

export type ServiceCounts = Readonly<
  Record<CountedService, { readonly broker: Counts; readonly store: Counts }>
>

export type Counters = {
  /** To be given to Kafka: each sends its clients to a proxy. */
  readonly listeners: readonly KafkaListener[]
  /** Settings with which a service goes through its proxies. */
  settings(): Readonly<Record<CountedService, Environment>>
  counts(): ServiceCounts
  close(): Promise<void>
}

type Pair = { readonly broker: CountingProxy; readonly store: CountingProxy }

/** Opened before the servers, since Kafka has to be told where its clients are sent. Nobody has to use them. */
export async function openCounters(storePort: number, freePort: () => number): Promise<Counters> {
  const listeners: KafkaListener[] = []
  const pairs = new Map<CountedService, Pair>()
  for (const service of countedServices) {
    const port = freePort()
    const pair = {
      broker: await countingProxy(port, kafkaProtocol),
      store: await countingProxy(storePort, storeProtocol),
    }
    pairs.set(service, pair)
    listeners.push({ port, advertised: pair.broker.port })
  }

  function byService<T>(of: (pair: Pair) => T): Record<CountedService, T> {
    return Object.fromEntries([...pairs].map(([service, pair]) => [service, of(pair)])) as Record<
      CountedService,
      T
    >
  }

  return {
    listeners,
    settings: () =>
      byService(({ broker, store }) => ({
        KAFKA_BOOTSTRAP_SERVERS: `127.0.0.1:${broker.port}`,
        // Else the driver would go to the address that the store itself tells, past the proxy.
        MONGODB_URI: `mongodb://127.0.0.1:${store.port}/?directConnection=true`,
      })),
    counts: () => byService(({ broker, store }) => ({ broker: broker.counts(), store: store.counts() })),
    async close() {
      for (const { broker, store } of pairs.values()) await Promise.all([broker.close(), store.close()])
    },
  }
}
