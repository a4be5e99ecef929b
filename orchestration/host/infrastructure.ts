import type { Db } from 'mongodb'
import {
  type Broker,
  type Codec,
  type Contracts,
  cachedRegistry,
  createCodec,
  kafkaBroker,
  kafkaConfigFromEnvironment,
  memoryBroker,
  memoryRegistry,
  registryConfigFromEnvironment,
  restRegistry,
  TerminalError,
  type TopicSpec,
} from '#messaging'
import type { Logger } from '#observability'
import { systemClock, within } from '../clock.ts'
import { memoryStore } from '../memory-store.ts'
import { connectMongo } from '../mongo/connection.ts'
import { mongoSchemaCache } from '../mongo/schema-cache.ts'
import { mongoStore } from '../mongo-store.ts'
import type { Store } from '../store.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** True, or what is missing in words, by the name of the check. */
export type Readiness = Readonly<Record<string, true | string>>

/** What a service stands on. */
export type Infrastructure = {
  readonly broker: Broker
  readonly codec: Codec
  /** The store of one participant; the same one for the same name. */
  store(participant: string): Promise<Store>
  /** For what a service keeps beside its journal; `null` when everything is in memory. */
  readonly database: Db | null
  readiness(): Promise<Readiness>
  close(): Promise<void>
}

/**
 * Connects to the real servers that the environment names: `KAFKA_BOOTSTRAP_SERVERS`, `SCHEMA_REGISTRY_URL`, `MONGODB_URI` (database
 * `MONGODB_DATABASE`, default `chorus`). When the registry is away, the contracts that it gave before count, as the store keeps
 * them. Rejects with a `TerminalError` for a wrong or missing setting or an unpublished contract, with a `RetryableError` when
 * a server does not answer; nothing is left open then.
 */
export async function connectInfrastructure(
  contracts: Contracts,
  { environment, log }: { environment: Environment; log: Logger },
): Promise<Infrastructure> {
  const uri = environment.MONGODB_URI
  if (!uri) {
    throw new TerminalError(
      'MONGODB_URI: got nothing, expected a connection string, e.g. MONGODB_URI=mongodb://127.0.0.1:27017',
      {
        code: 'CHORUS_CONFIG',
      },
    )
  }
  const broker = kafkaBroker(kafkaConfigFromEnvironment(environment), { log })
  const registry = restRegistry(registryConfigFromEnvironment(environment))
  const mongo = await connectMongo(uri)
  try {
    const database = mongo.db(environment.MONGODB_DATABASE || 'chorus')
    const remembered = cachedRegistry(registry, mongoSchemaCache(database), { log })
    const codec = await createCodec({ contracts, registry: remembered })
    const admin = await broker.admin()
    return {
      broker,
      codec,
      store: (participant) => mongoStore({ db: database, participant }),
      database,
      // Not the registry: once the contracts are known, a service works without it.
      async readiness() {
        const [kafka, mongodb] = await Promise.all([
          check(() => admin.partitions([])),
          check(() => database.command({ ping: 1 })),
        ])
        return { broker: kafka, store: mongodb }
      },
      async close() {
        await admin.close()
        await mongo.close()
      },
    }
  } catch (error) {
    await mongo.close()
    throw error
  }
}

/** Everything in this process: nothing outlives it. Services that share one talk to each other through it as through Kafka. */
export async function memoryInfrastructure(
  contracts: Contracts,
  topics: readonly TopicSpec[],
): Promise<Infrastructure> {
  const broker = memoryBroker()
  const admin = await broker.admin()
  await admin.createTopics(topics)
  const codec = await createCodec({ contracts, registry: memoryRegistry(contracts) })
  const stores = new Map<string, Store>()
  return {
    broker,
    codec,
    async store(participant) {
      const store = stores.get(participant) ?? memoryStore()
      stores.set(participant, store)
      return store
    },
    database: null,
    readiness: async () => ({ broker: true, store: true }),
    close: () => admin.close(),
  }
}

/** A probe waits for its answer, so a server that hangs must not make it hang too. */
const checkLimit = 1_500

async function check(ask: () => Promise<unknown>): Promise<true | string> {
  try {
    const answered = await within(checkLimit, systemClock, ask())
    return answered || `no answer within ${checkLimit} ms`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
