import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { httpAnswers } from '../../../infra/http.ts'
import { balanced } from '../balanced.ts'
import type { Engine, OpenEngine } from '../engine.ts'
import { type Ground, openGround } from '../ground.ts'
import { restatePins, versionsIn } from '../packages.ts'
import { partNames } from '../parts.ts'
import { restateConfig } from './config.ts'
import { ingressEntry } from './ingress.ts'

/** Restate's server, and a process for each part of the business. `packages` is the folder that both are installed in. */
export function restate(packages: string): Engine {
  return {
    name: 'Restate',
    async open(options) {
      const ground = await openGround(options)
      try {
        return await openOn(ground, options.folder, packages)
      } catch (error) {
        await ground.stop()
        throw error
      }
    },
  }
}

async function openOn(ground: Ground, folder: string, packages: string): Promise<OpenEngine> {
  const { freePort, endings, sandbox } = ground
  const ports = { node: freePort(), ingress: freePort(), admin: freePort() }
  const [config, data] = [join(folder, 'restate.toml'), join(folder, 'data')]
  mkdirSync(data)
  writeFileSync(config, restateConfig(data, ports))
  const admin = `http://127.0.0.1:${ports.admin}`
  await ground.start({
    name: 'server',
    command: binaryIn(packages),
    args: ['--config-file', config],
    ready: () => httpAnswers(`${admin}/health`),
  })
  for (const name of partNames) {
    // Its log has a line for each call otherwise.
    const environment = { PEER_PACKAGES: packages, RESTATE_LOGGING: 'ERROR' }
    const port = await ground.startPart({ name, app: new URL('./app.ts', import.meta.url), environment })
    await register(admin, `http://127.0.0.1:${port}`)
  }
  return {
    versions: versionsIn(restatePins),
    entry: ingressEntry(`http://127.0.0.1:${ports.ingress}`),
    endings,
    watched: ground.watched(),
    check: (orders) => balanced(sandbox, orders),
    stop: ground.stop,
  }
}

function binaryIn(packages: string): string {
  const { platform, arch } = process
  return join(
    packages,
    'node_modules/@restatedev',
    `restate-server-${platform}-${arch}`,
    'bin/restate-server',
  )
}

async function register(admin: string, uri: string): Promise<void> {
  const answer = await fetch(`${admin}/deployments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ uri }),
  })
  if (!answer.ok) throw new Error(`Restate does not take ${uri}: ${answer.status} ${await answer.text()}`)
}
