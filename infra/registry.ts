import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type CacheEntry, cached, logOf } from './cache.ts'
import { httpAnswers } from './http.ts'
import { classArchive, type JvmServer } from './java.ts'
import { fetchWithMaven } from './maven.ts'
import type { ServerPlan } from './server.ts'
import { versions } from './versions.ts'

const READY_LIMIT_MS = 120_000
const ARTIFACT = `io.apicurio:apicurio-registry-app:${versions.apicurio}:tar.gz:all`

export const registryEntry = (cache: string): CacheEntry => ({ cache, name: `apicurio-${versions.apicurio}` })

/** Apicurio's folder; fetched into the cache when absent. */
export function obtainRegistry(cache: string, options: Parameters<typeof cached>[2] = {}): Promise<string> {
  const entry = registryEntry(cache)
  const fetch = (folder: string) =>
    fetchWithMaven(
      'unpack',
      { artifact: ARTIFACT, outputDirectory: folder },
      { folder, log: logOf(entry), ...(options.signal && { signal: options.signal }) },
    )
  return cached(entry, fetch, options)
}

/** The address that clients of the Confluent API use. */
export function registryUrl(port: number): string {
  return `http://127.0.0.1:${port}/apis/ccompat/v7`
}

/** Apicurio with its schemas in an H2 file below `folder`. */
export function registryPlan({ home, java, ports, folder }: JvmServer): ServerPlan {
  const environment = {
    QUARKUS_HTTP_HOST: '127.0.0.1',
    QUARKUS_HTTP_PORT: String(ports.registry),
    QUARKUS_HTTP_ACCESS_LOG_ENABLED: 'false',
    QUARKUS_MANAGEMENT_HOST: '127.0.0.1',
    QUARKUS_MANAGEMENT_PORT: String(ports.registryManagement),
    APICURIO_DATASOURCE_URL: `jdbc:h2:file:${join(folder, 'registry')}`,
  }
  const jvm = ['-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', ...classArchive(home, java)]
  return {
    name: 'registry',
    title: 'Apicurio',
    version: versions.apicurio,
    address: registryUrl(ports.registry),
    launch: {
      command: java.command,
      args: [...jvm, '-jar', 'quarkus-run.jar'],
      cwd: home,
      env: { ...process.env, ...environment },
    },
    prepare: async () => void mkdirSync(folder, { recursive: true }),
    ready: () => httpAnswers(`http://127.0.0.1:${ports.registryManagement}/health/ready`),
    limitMs: READY_LIMIT_MS,
  }
}
