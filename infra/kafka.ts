import { randomBytes } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CacheEntry, cached, logOf } from './cache.ts'
import { classArchive, type Java, type JvmServer } from './java.ts'
import { kafkaAnswers } from './kafka-protocol.ts'
import { fetchWithMaven } from './maven.ts'
import type { Ports } from './ports.ts'
import { run } from './run.ts'
import type { ServerPlan } from './server.ts'
import { versions } from './versions.ts'

const READY_LIMIT_MS = 120_000
const FORMAT_LIMIT_MS = 60_000
const FORMATTED = 'formatted'
const QUIET = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'

/** A port of the broker that sends its clients to the port `advertised`, where something stands that leads back to it. */
export interface KafkaListener {
  readonly port: number
  readonly advertised: number
}

export const kafkaEntry = (cache: string): CacheEntry => ({ cache, name: `kafka-${versions.kafka}` })

/** The broker's jars and an empty, formatted disk; made in the cache when absent. */
export function obtainKafka(
  cache: string,
  java: Java,
  options: Parameters<typeof cached>[2] = {},
): Promise<string> {
  const entry = kafkaEntry(cache)
  const work = { log: logOf(entry), ...(options.signal && { signal: options.signal }) }
  const make = async (folder: string) => {
    const settings = { includeScope: 'runtime', outputDirectory: join(folder, 'libs') }
    await fetchWithMaven('copy-dependencies', settings, { folder, ...work })
    await format(folder, java, work)
  }
  return cached(entry, make, options)
}

/** Formatting starts a JVM of its own, so it is done once, and a new broker begins with a copy. */
async function format(
  folder: string,
  java: Java,
  work: { log: string; signal?: AbortSignal },
): Promise<void> {
  const disk = join(folder, FORMATTED)
  const settings = join(folder, 'format.properties')
  mkdirSync(disk)
  writeFileSync(settings, properties({ kafka: 9092, kafkaController: 9093 }, disk))
  const tool = ['-cp', join(folder, 'libs', '*'), 'kafka.tools.StorageTool']
  const args = [QUIET, ...tool, 'format', '-t', clusterId(), '-c', settings]
  await run({ command: java.command, args, limitMs: FORMAT_LIMIT_MS, ...work })
}

/** One node that is broker and controller, on 127.0.0.1, with its data in `folder`. */
export function kafkaPlan({
  home,
  java,
  ports,
  folder,
  listeners,
  shortLived,
}: JvmServer & { listeners: readonly KafkaListener[]; shortLived: boolean }): ServerPlan {
  const address = `127.0.0.1:${ports.kafka}`
  const settings = join(folder, 'server.properties')
  const disk = join(folder, 'log')
  // Most of a start's work is to compile what runs often.
  const compiler = shortLived ? ['-XX:TieredStopAtLevel=1'] : []
  const jvm = ['-Xms256m', '-Xmx512m', '-XX:+UseSerialGC', ...compiler, ...classArchive(home, java), QUIET]
  return {
    name: 'kafka',
    title: 'Kafka',
    version: versions.kafka,
    address,
    launch: {
      command: java.command,
      args: [...jvm, '-cp', join(home, 'libs', '*'), 'kafka.Kafka', settings],
    },
    async prepare() {
      if (!existsSync(disk)) cpSync(join(home, FORMATTED), disk, { recursive: true })
      writeFileSync(settings, properties(ports, disk, listeners))
    },
    ready: () => kafkaAnswers(address),
    limitMs: READY_LIMIT_MS,
  }
}

/** Kafka writes cluster ids as 16 random bytes in base64url, and none may begin with a dash. */
function clusterId(): string {
  const id = randomBytes(16).toString('base64url')
  return id.startsWith('-') ? clusterId() : id
}

function properties(
  ports: Pick<Ports, 'kafka' | 'kafkaController'>,
  disk: string,
  listeners: readonly KafkaListener[] = [],
): string {
  const more = (line: (listener: KafkaListener, name: string) => string) =>
    listeners.map((listener, index) => `,${line(listener, `MORE${index}`)}`).join('')
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${ports.kafkaController}
listeners=PLAINTEXT://127.0.0.1:${ports.kafka},CONTROLLER://127.0.0.1:${ports.kafkaController}${more(({ port }, name) => `${name}://127.0.0.1:${port}`)}
advertised.listeners=PLAINTEXT://127.0.0.1:${ports.kafka}${more(({ advertised }, name) => `${name}://127.0.0.1:${advertised}`)}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT${more((_, name) => `${name}:PLAINTEXT`)}
log.dirs=${disk}
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
`
}
