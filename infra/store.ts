import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MongoClient } from 'mongodb'
import { type CacheEntry, cached, folderOf, logOf } from './cache.ts'
import { onPath } from './path.ts'
import type { Ports } from './ports.ts'
import { run } from './run.ts'
import type { ServerPlan } from './server.ts'
import { versions } from './versions.ts'

const READY_LIMIT_MS = 60_000
const FETCH_LIMIT_MS = 15 * 60_000
const PING_LIMIT_MS = 2_000
const REQUIREMENTS = fileURLToPath(new URL('./local/requirements.txt', import.meta.url))

/** A server that speaks MongoDB's protocol. The data of one is not for the other. */
export type StoreEngine = 'mongod' | 'secantusdb-native' | 'secantusdb-wheel'

export const storeEntries = {
  native: (cache: string): CacheEntry => ({ cache, name: `secantusdb-native-${versions.secantusdbNative}` }),
  wheel: (cache: string): CacheEntry => ({ cache, name: `secantusdb-wheel-${versions.secantusdbWheel}` }),
}

const nativeBinary = (cache: string) => join(folderOf(storeEntries.native(cache)), 'bin', 'secantusd-rs')

/** The engines that can run here without building anything, best first. */
export function availableEngines(cache: string, environment: NodeJS.ProcessEnv): StoreEngine[] {
  const engines: StoreEngine[] = []
  if (onPath('mongod', environment)) engines.push('mongod')
  if (existsSync(nativeBinary(cache))) engines.push('secantusdb-native')
  if (wheelPython(cache) || findPython(environment)) engines.push('secantusdb-wheel')
  return engines
}

/** Python 3.10 or newer; looked for only when the wheel is not in the cache yet. */
export function findPython(environment: NodeJS.ProcessEnv): string | undefined {
  const python = onPath('python3', environment)
  if (!python) return undefined
  try {
    execFileSync(python, ['-c', 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))'], {
      stdio: 'ignore',
    })
    return python
  } catch {
    return undefined
  }
}

/** The wheel's own Python, as long as the Python that it was made with is still there. */
function wheelPython(cache: string): string | undefined {
  const python = join(folderOf(storeEntries.wheel(cache)), 'bin', 'python')
  return existsSync(python) ? python : undefined
}

/** Whether an engine runs from what is on this machine already. */
export function isEngineHere(engine: StoreEngine, cache: string): boolean {
  return engine !== 'secantusdb-wheel' || wheelPython(cache) !== undefined
}

/** Fetches what an engine needs: the wheel goes into a virtual environment of its own. */
export async function obtainStore(
  engine: StoreEngine,
  cache: string,
  environment: NodeJS.ProcessEnv,
  options: Parameters<typeof cached>[2] = {},
): Promise<void> {
  if (isEngineHere(engine, cache)) return
  const entry = storeEntries.wheel(cache)
  const step = {
    log: logOf(entry),
    limitMs: FETCH_LIMIT_MS,
    ...(options.signal && { signal: options.signal }),
  }
  const fetch = async (folder: string) => {
    const python = findPython(environment) ?? 'python3'
    await run({ command: python, args: ['-m', 'venv', folder], ...step })
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS]
    await run({ command: join(folder, 'bin', 'python'), args: install, ...step })
  }
  await cached(entry, fetch, options)
}

/** The store with its data in `folder`, on 127.0.0.1. */
export function storePlan({
  engine,
  cache,
  ports,
  folder,
}: {
  engine: StoreEngine
  cache: string
  ports: Ports
  folder: string
}): ServerPlan {
  const uri = `mongodb://127.0.0.1:${ports.mongodb}`
  return {
    name: 'store',
    ...describe(engine),
    address: uri,
    launch: commandLine(engine, cache, ports.mongodb, folder),
    async prepare() {
      mkdirSync(folder, { recursive: true })
      if (engine !== 'mongod') writeFileSync(join(folder, 'WiredTiger.config'), DURABLE)
    },
    ready: () => mongoAnswers(uri),
    limitMs: READY_LIMIT_MS,
  }
}

/** Without it SecantusDB acknowledges writes that a killed process loses. */
const DURABLE = 'transaction_sync=(enabled=true,method=none)\n'

/** How an engine is called for people. */
export function describe(engine: StoreEngine): { title: string; version: string } {
  switch (engine) {
    case 'mongod':
      return { title: 'MongoDB', version: '(mongod on PATH)' }
    case 'secantusdb-native':
      return { title: 'SecantusDB', version: versions.secantusdbNative }
    case 'secantusdb-wheel':
      return { title: 'SecantusDB', version: `${versions.secantusdbWheel} (Python)` }
  }
}

function commandLine(engine: StoreEngine, cache: string, port: number, folder: string): ServerPlan['launch'] {
  const home = folderOf(storeEntries.wheel(cache))
  const secantus = [
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--storage-path',
    folder,
    '--cache-size',
    '256M',
  ]
  switch (engine) {
    case 'mongod':
      return {
        command: 'mongod',
        args: ['--bind_ip', '127.0.0.1', '--port', String(port), '--dbpath', folder],
      }
    case 'secantusdb-native':
      return { command: nativeBinary(cache), args: [...secantus, '--log-file-max', '16MB'] }
    case 'secantusdb-wheel':
      return { command: join(home, 'bin', 'python'), args: [join(home, 'bin', 'secantusd-py'), ...secantus] }
  }
}

/** Resolves when a server answers a ping. */
export async function mongoAnswers(uri: string): Promise<void> {
  const client = new MongoClient(uri, {
    serverSelectionTimeoutMS: PING_LIMIT_MS,
    connectTimeoutMS: PING_LIMIT_MS,
    socketTimeoutMS: PING_LIMIT_MS,
  })
  try {
    await client.db('admin').command({ ping: 1 })
  } finally {
    await client.close()
  }
}
