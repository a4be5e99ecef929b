import { setTimeout as sleep } from 'node:timers/promises'
import type { Environment } from '#orchestration'
import type { ServiceProcess } from '../../scripts/shop/service-process.ts'
import type { Role } from './cast.ts'

/** An instance that nobody told to end, or that did not get ready. */
export type Accident = { readonly id: string; readonly at: number; readonly how: string }

/** A service instance under a supervisor, as an orchestrator would run it: while it is wanted, it is started again whenever it ends. */
export type Instance = Role & {
  readonly address: string
  /** Undefined while it does not run. */
  pid(): number | undefined
  isReady(): boolean
  /** From now on it is wanted; `settings` hold until it is taken down. */
  up(settings?: Environment): void
  /** From its next start on it runs the sources in this folder. */
  install(release: string): void
  /** It is not wanted any more; resolves when it has ended. */
  down(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
  /** Rejects when it is not ready after `limitMs`. */
  whenReady(limitMs: number): Promise<void>
  readonly accidents: readonly Accident[]
}

const pauseMs = 500
const lookMs = 50

export function supervised(role: Role, process: ServiceProcess): Instance {
  const accidents: Accident[] = []
  let wanted: Environment | undefined
  let ready = false
  let release: string | undefined
  let watch = Promise.resolve()

  async function keepUp(settings: Environment): Promise<void> {
    while (wanted === settings) {
      const how = await lifeOf(settings)
      ready = false
      if (wanted !== settings) return
      accidents.push({ id: role.id, at: Date.now(), how })
      await sleep(pauseMs)
    }
  }

  async function lifeOf(settings: Environment): Promise<string> {
    try {
      const { ended } = await process.start(settings, release)
      if (wanted === settings) ready = true
      else await process.end('SIGKILL')
      const how = await ended
      return wanted === settings ? `it ended: ${how}. ${await process.lastError()}` : how
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  return {
    ...role,
    address: process.address,
    accidents,
    pid: process.pid,
    isReady: () => ready,
    up(settings = {}) {
      if (wanted) throw new Error(`${role.id} is up already`)
      wanted = { ...settings }
      watch = keepUp(wanted)
    },
    install(folder) {
      release = folder
    },
    async down(signal) {
      wanted = undefined
      ready = false
      await process.end(signal)
      await watch
    },
    async whenReady(limitMs) {
      const end = performance.now() + limitMs
      while (!ready) {
        if (performance.now() > end) throw new Error(`${role.id} is not ready after ${limitMs} ms`)
        await sleep(lookMs)
      }
    },
  }
}
