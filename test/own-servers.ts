import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { anyPorts, startInfrastructure } from '../infra/index.ts'
import type { ServerProcess } from '../infra/infrastructure.ts'
import { prepareServers } from '../scripts/shop/prepare.ts'
import { eventually } from './shop.ts'

export type OwnServers = {
  /** Throws when there is none of this name. */
  server(name: string): ServerProcess
  /** Stops them and wipes their data. */
  stop(): Promise<void>
}

/**
 * Kafka, registry and store of a test's own, with contracts and topics: the other tests would not like it if theirs were killed. The
 * environment names them from then on.
 */
export async function startOwnServers(): Promise<OwnServers> {
  const folder = mkdtempSync(join(tmpdir(), 'chorus-own-servers-'))
  const none = { KAFKA_BOOTSTRAP_SERVERS: '', SCHEMA_REGISTRY_URL: '', MONGODB_URI: '' }
  const servers = await startInfrastructure({
    mode: 'local',
    parts: ['kafka', 'registry', 'store'],
    ports: anyPorts,
    shortLived: true,
    dataFolder: folder,
    environment: { ...process.env, ...none },
    progress: 'silent',
  })

  async function stop(): Promise<void> {
    await servers.stop()
    rmSync(folder, { recursive: true, force: true })
  }

  try {
    // On a busy machine a registry that has just started is slow to answer.
    await eventually(
      async () => void (await prepareServers({ ...process.env, ...servers.environment })),
      60_000,
    )
  } catch (error) {
    await stop()
    throw error
  }
  Object.assign(process.env, servers.environment)
  return {
    server(name) {
      const found = servers.processes.find((process) => process.name === name)
      if (!found) throw new Error(`no ${name} among ${servers.processes.map((process) => process.name)}`)
      return found
    },
    stop,
  }
}
