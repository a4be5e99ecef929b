import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CacheEntry, cached, logOf } from './cache.ts'
import type { Java } from './java.ts'
import { kafkaAnswers } from './kafka-protocol.ts'
import { fetchWithMaven } from './maven.ts'
import type { Ports } from './ports.ts'
import { run } from './run.ts'
import type { ServerPlan } from './server.ts'
import { versions } from './versions.ts'

const READY_LIMIT_MS = 60_000
const FORMAT_LIMIT_MS = 60_000

export const kafkaEntry = (cache: string): CacheEntry => ({ cache, name: `kafka-${versions.kafka}` })

/** The broker's jars; fetched into the cache when absent. */
export function obtainKafka(cache: string, options: Parameters<typeof cached>[2] = {}): Promise<string> {
  const entry = kafkaEntry(cache)
  const fetch = (folder: string) =>
    fetchWithMaven(
      'copy-dependencies',
      { includeScope: 'runtime', outputDirectory: join(folder, 'libs') },
      { folder, log: logOf(entry), ...(options.signal && { signal: options.signal }) },
    )
  return cached(entry, fetch, options)
}

/** One node that is broker and controller, on 127.0.0.1, with its data in `folder`. */
export function kafkaPlan({
  jars,
  java,
  ports,
  folder,
}: {
  jars: string
  java: Java
  ports: Ports
  folder: string
}): ServerPlan {
  const address = `127.0.0.1:${ports.kafka}`
  const settings = join(folder, 'server.properties')
  const logs = join(folder, 'log')
  const classPath = ['-cp', join(jars, 'libs', '*')]
  const quiet = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'
  return {
    name: 'kafka',
    title: 'Kafka',
    version: versions.kafka,
    address,
    launch: {
      command: java.command,
      args: ['-Xms256m', '-Xmx512m', '-XX:+UseSerialGC', quiet, ...classPath, 'kafka.Kafka', settings],
    },
    async prepare(log) {
      mkdirSync(logs, { recursive: true })
      writeFileSync(settings, properties(ports, logs))
      if (existsSync(join(logs, 'meta.properties'))) return
      const format = ['kafka.tools.StorageTool', 'format', '-t', clusterId(), '-c', settings]
      const args = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', quiet, ...classPath, ...format]
      await run({ command: java.command, args, log, limitMs: FORMAT_LIMIT_MS })
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

function properties(ports: Ports, logs: string): string {
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${ports.kafkaController}
listeners=PLAINTEXT://127.0.0.1:${ports.kafka},CONTROLLER://127.0.0.1:${ports.kafkaController}
advertised.listeners=PLAINTEXT://127.0.0.1:${ports.kafka}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=${logs}
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
