import { httpEntry } from '../../load/http-entry.ts'
import { balanced } from '../balanced.ts'
import type { Engine, OpenEngine } from '../engine.ts'
import { type Ground, openGround } from '../ground.ts'
import { dbosPins, versionsIn } from '../packages.ts'
import { partNames } from '../parts.ts'
import { postgresVersion, startPostgres } from './postgres.ts'

/** DBOS on PostgreSQL, and a process for each part of the business. `packages` is the folder that DBOS is installed in. */
export function dbos(packages: string): Engine {
  return {
    name: 'DBOS',
    async open(options) {
      const ground = await openGround(options)
      try {
        return await openOn(ground, packages)
      } catch (error) {
        await ground.stop()
        throw error
      }
    },
  }
}

async function openOn(ground: Ground, packages: string): Promise<OpenEngine> {
  const { url, remove } = await startPostgres(ground)
  async function stop(): Promise<void> {
    await ground.stop()
    remove()
  }
  try {
    const ports: number[] = []
    for (const name of partNames) {
      const environment = { PEER_PACKAGES: packages, PEER_DATABASE: url }
      ports.push(await ground.startPart({ name, app: new URL('./app.ts', import.meta.url), environment }))
    }
    return {
      versions: [...versionsIn(dbosPins), await postgresVersion()],
      entry: httpEntry([`http://127.0.0.1:${ports[partNames.indexOf('order')]}`]),
      endings: ground.endings,
      watched: ground.watched(),
      check: (orders) => balanced(ground.sandbox, orders),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
