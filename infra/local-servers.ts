import { join } from 'node:path'
import { isCached } from './cache.ts'
import type { DataPart } from './data.ts'
import type { Part } from './given.ts'
import type { Missing } from './infrastructure.ts'
import { hasJaeger, jaegerPlan } from './jaeger.ts'
import { findJava } from './java.ts'
import { type KafkaListener, kafkaEntry, kafkaPlan, obtainKafka } from './kafka.ts'
import type { PortName, Ports } from './ports.ts'
import { Problem } from './problem.ts'
import type { Step } from './progress.ts'
import { obtainRegistry, registryEntry, registryPlan } from './registry.ts'
import type { ServerPlan } from './server.ts'
import {
  availableEngines,
  describe,
  isEngineHere,
  obtainStore,
  type StoreEngine,
  storePlan,
} from './store.ts'
import { versions } from './versions.ts'

/** What decides how local servers run. */
export interface LocalContext {
  readonly parts: readonly Part[]
  readonly cache: string
  readonly ports: Ports
  readonly kafkaListeners: readonly KafkaListener[]
  readonly shortLived: boolean
  readonly dataFolder: string
  readonly engine: StoreEngine
  readonly environment: NodeJS.ProcessEnv
}

/** The parts that leave data behind. */
export function dataParts(parts: readonly Part[]): DataPart[] {
  return parts.filter((part) => part !== 'jaeger')
}

/** The ports that local servers will listen on. */
export function localPorts({ parts, cache }: Pick<LocalContext, 'parts' | 'cache'>): PortName[] {
  const needed: Record<Part, PortName[]> = {
    kafka: ['kafka', 'kafkaController'],
    registry: ['registry', 'registryManagement'],
    store: ['mongodb'],
    jaeger: hasJaeger(cache) ? ['jaegerQuery', 'jaegerGrpc', 'otlpGrpc', 'otlpHttp'] : [],
  }
  return parts.flatMap((part) => needed[part])
}

/** The engine that made the data, since no other reads them; for new data the best one there is. */
export function chooseEngine(
  cache: string,
  environment: NodeJS.ProcessEnv,
  made: StoreEngine | undefined,
): StoreEngine | undefined {
  const available = availableEngines(cache, environment)
  if (!made) return available[0]
  if (available.includes(made)) return made
  throw new Problem('The server that made the stored sagas is gone.', {
    why: `the data were written by ${made}, which is not on this machine any more`,
    fix: 'npm run down -- --data   (wipes all data together)',
  })
}

/** The downloads that are still to be done: none on every start but the first. */
export function downloads({ parts, cache, engine, environment }: LocalContext): Step[] {
  const { java } = findJava(environment)
  const download = (title: string, size: string, obtain: (options: Waiting) => Promise<unknown>): Step => ({
    title,
    async run(report, signal) {
      report(`downloading ${size}, once`)
      await obtain({ onWait: (pid) => report(`pid ${pid} is downloading it, waiting`), signal })
      return `${title} downloaded`
    },
  })
  const steps: Step[] = []
  if (java && parts.includes('kafka') && !isCached(kafkaEntry(cache)))
    steps.push(download(`Kafka ${versions.kafka}`, '44 MB', (options) => obtainKafka(cache, java, options)))
  if (parts.includes('registry') && !isCached(registryEntry(cache)))
    steps.push(
      download(`Apicurio ${versions.apicurio}`, '159 MB', (options) => obtainRegistry(cache, options)),
    )
  if (parts.includes('store') && !isEngineHere(engine, cache)) {
    const { title, version } = describe(engine)
    steps.push(
      download(`${title} ${version}`, '145 MB', (options) =>
        obtainStore(engine, cache, environment, options),
      ),
    )
  }
  return steps
}

type Waiting = { onWait: (pid: number) => void; signal: AbortSignal }

/** The servers to start, all downloads being there. */
export function localPlans({
  parts,
  cache,
  ports,
  kafkaListeners,
  shortLived,
  dataFolder,
  engine,
  environment,
}: LocalContext): ServerPlan[] {
  const { java } = findJava(environment)
  const plans: ServerPlan[] = []
  if (java && parts.includes('kafka'))
    plans.push(
      kafkaPlan({
        home: join(cache, kafkaEntry(cache).name),
        java,
        ports,
        folder: join(dataFolder, 'kafka'),
        listeners: kafkaListeners,
        shortLived,
      }),
    )
  if (java && parts.includes('registry'))
    plans.push(
      registryPlan({
        home: join(cache, registryEntry(cache).name),
        java,
        ports,
        folder: join(dataFolder, 'registry'),
      }),
    )
  if (parts.includes('store'))
    plans.push(storePlan({ engine, cache, ports, folder: join(dataFolder, 'store', 'data') }))
  if (parts.includes('jaeger') && hasJaeger(cache)) plans.push(jaegerPlan({ cache, ports }))
  return plans
}

/** What would be nice to have and is not in the cache. */
export function lacksInCache(parts: readonly Part[], cache: string): Missing[] {
  return parts.includes('jaeger') && !hasJaeger(cache) ? [NO_JAEGER] : []
}

export const NO_JAEGER: Missing = {
  what: `Jaeger ${versions.jaeger}`,
  blocks: 'traces are not kept and cannot be looked at',
  command: 'npm run infra:build -- --only jaeger',
}
