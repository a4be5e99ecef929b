import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Launch, startGuard } from '../../infra/guard.ts'
import { waitUntil } from '../../infra/wait.ts'
import { nodeArgs } from '../../scripts/shop/node-args.ts'
import { serviceProcess } from '../../scripts/shop/service-process.ts'
import { lastingPorts } from '../../test/chaos/ports.ts'
import type { Watched } from '../stage/watched.ts'
import { hearEndings, type ToldEndings } from './endings-told.ts'
import type { EngineOptions } from './engine.ts'

/** What every peer stands on: the companies outside, ears for endings, and processes that end with this one. */
export type Ground = {
  /** Base URL of the companies. */
  readonly sandbox: string
  readonly endings: ToldEndings
  readonly freePort: () => number
  /** Everything that was started, and this process, which makes the load. */
  watched(): Watched[]
  /** Resolves when it is ready; rejects when it ends before. */
  start(process: PeerProcess): Promise<void>
  /** Starts a part of the business, as a process that serves on a port of its own, and resolves with the port. */
  startPart(part: {
    readonly name: string
    readonly app: URL
    readonly environment: NodeJS.ProcessEnv
  }): Promise<number>
  stop(): Promise<void>
}

export type PeerProcess = Omit<Launch, 'log'> &
  Pick<Watched, 'forks'> & { readonly ready: () => Promise<void> }

/** Servers, parts and the sandbox. */
const portsAtMost = 10
const readyLimitMs = 60_000

export async function openGround({ folder, signal, onDeath }: EngineOptions): Promise<Ground> {
  const logs = join(folder, 'logs')
  mkdirSync(logs, { recursive: true })
  const ports = await lastingPorts(portsAtMost)
  const freePort = () => ports.pop() ?? 0
  const endings = await hearEndings()
  const guard = startGuard()
  const started: Watched[] = []
  let wanted = true

  async function start({ ready, forks, ...launch }: PeerProcess): Promise<void> {
    const { pid, exited } = await guard.start({ ...launch, log: join(logs, `${launch.name}.log`) })
    started.push({ name: launch.name, pid, isCost: true, ...(forks && { forks }) })
    const gone = new AbortController()
    void exited.then((how) => {
      gone.abort(new Error(`${launch.name} has ended: ${how}`))
      if (wanted) onDeath(launch.name, how)
    })
    await waitUntil(ready, { limitMs: readyLimitMs, signal: AbortSignal.any([signal, gone.signal]) })
  }

  async function stop(): Promise<void> {
    wanted = false
    await guard.stop()
    await endings.close()
  }

  const environment = { LOG_LEVEL: 'warn', OTEL_EXPORTER_OTLP_ENDPOINT: '' }
  const sandbox = serviceProcess({
    guard,
    name: 'sandbox',
    id: 'sandbox',
    port: freePort(),
    environment,
    logs,
  })
  try {
    const { ended } = await sandbox.start()
    void ended.then((how) => wanted && onDeath('sandbox', how))
  } catch (error) {
    await stop()
    throw error
  }

  return {
    sandbox: sandbox.address,
    endings,
    freePort,
    watched: () => [
      ...started,
      { name: 'sandbox', pid: sandbox.pid() ?? 0, isCost: false },
      { name: 'load', pid: process.pid, isCost: false },
    ],
    start,
    async startPart({ name, app, environment }) {
      const port = freePort()
      const given = {
        PEER_PART: name,
        PEER_PORT: String(port),
        PEER_ENDINGS_PORT: String(endings.port),
        SANDBOX_URL: sandbox.address,
        NODE_ENV: 'production',
      }
      await start({
        name,
        command: process.execPath,
        args: [...nodeArgs, fileURLToPath(app)],
        env: { ...process.env, ...given, ...environment },
        ready: () => takesConnections(port),
      })
      return port
    },
    stop,
  }
}

async function takesConnections(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
  } finally {
    socket.destroy()
  }
}
