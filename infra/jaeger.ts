import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type CacheEntry, folderOf } from './cache.ts'
import { httpAnswers } from './http.ts'
import type { Ports } from './ports.ts'
import type { ServerPlan } from './server.ts'
import { versions } from './versions.ts'

const READY_LIMIT_MS = 30_000
const CONFIGURATION = fileURLToPath(new URL('./jaeger/jaeger.yaml', import.meta.url))

export const jaegerEntry = (cache: string): CacheEntry => ({ cache, name: `jaeger-${versions.jaeger}` })

export const jaegerBinary = (cache: string) => join(folderOf(jaegerEntry(cache)), 'jaeger')

/** Jaeger is compiled by `infra:build` alone: it runs when it is in the cache. */
export function hasJaeger(cache: string): boolean {
  return existsSync(jaegerBinary(cache))
}

/** Jaeger with traces in memory, on 127.0.0.1. */
export function jaegerPlan({ cache, ports }: { cache: string; ports: Ports }): ServerPlan {
  const address = `http://127.0.0.1:${ports.jaegerQuery}`
  const environment = {
    JAEGER_QUERY: `127.0.0.1:${ports.jaegerQuery}`,
    JAEGER_GRPC: `127.0.0.1:${ports.jaegerGrpc}`,
    JAEGER_OTLP_GRPC: `127.0.0.1:${ports.otlpGrpc}`,
    JAEGER_OTLP_HTTP: `127.0.0.1:${ports.otlpHttp}`,
  }
  return {
    name: 'jaeger',
    title: 'Jaeger',
    version: versions.jaeger,
    address,
    launch: {
      command: jaegerBinary(cache),
      args: ['--config', CONFIGURATION],
      env: { ...process.env, ...environment },
    },
    ready: () => httpAnswers(`${address}/api/services`),
    limitMs: READY_LIMIT_MS,
  }
}
