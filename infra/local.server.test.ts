import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { MongoClient } from 'mongodb'
import { startInfrastructure } from './index.ts'
import type { Infrastructure } from './infrastructure.ts'
import { anyPorts, type Ports, withFreePorts } from './ports.ts'
import { identify } from './processes.ts'

const LIMIT_MS = 5 * 60_000
const noAddresses = {
  KAFKA_BOOTSTRAP_SERVERS: '',
  SCHEMA_REGISTRY_URL: '',
  MONGODB_URI: '',
  OTEL_EXPORTER_OTLP_ENDPOINT: '',
}

let dataFolder: string
let ports: Ports

beforeAll(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'chorus-local-'))
  ports = await withFreePorts(anyPorts)
})

afterAll(() => rmSync(dataFolder, { recursive: true, force: true }))

function start(): Promise<Infrastructure> {
  const environment = { ...process.env, ...noAddresses }
  return startInfrastructure({ mode: 'local', ports, dataFolder, environment, progress: 'silent' })
}

test(
  'local servers answer, keep their data over a stop, and leave nothing running',
  async () => {
    const environment = await whileRunning(async (first) => {
      await put(first, 'schema')
      await expect(start()).rejects.toThrow('Chorus is already running on these data.')
      return first.environment
    })
    await whileRunning(async (second) => {
      expect(second.environment).toEqual(environment)
      expect(await get(second)).toEqual({ document: 'schema', subjects: ['schema-value'] })
    })
  },
  LIMIT_MS,
)

async function whileRunning<T>(work: (infrastructure: Infrastructure) => Promise<T>): Promise<T> {
  const infrastructure = await start()
  const pids = infrastructure.servers.flatMap(({ pid }) => pid ?? [])
  try {
    expect(pids.filter((pid) => identify(pid))).toHaveLength(infrastructure.servers.length)
    return await work(infrastructure)
  } finally {
    await infrastructure.stop()
    expect(pids.filter((pid) => identify(pid))).toEqual([])
  }
}

async function put({ environment }: Infrastructure, name: string): Promise<void> {
  await withStore(environment.MONGODB_URI, (collection) => collection.insertOne({ name }))
  const schema = JSON.stringify({ type: 'record', name: 'Noted', fields: [] })
  await fetch(`${environment.SCHEMA_REGISTRY_URL}/subjects/${name}-value/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema }),
  })
}

async function get({ environment }: Infrastructure): Promise<unknown> {
  const document = await withStore(environment.MONGODB_URI, (collection) => collection.findOne())
  const subjects = await fetch(`${environment.SCHEMA_REGISTRY_URL}/subjects`).then((response) =>
    response.json(),
  )
  return { document: document?.name, subjects }
}

async function withStore<T>(
  uri = '',
  work: (collection: ReturnType<ReturnType<MongoClient['db']>['collection']>) => Promise<T>,
): Promise<T> {
  const client = new MongoClient(uri)
  try {
    return await work(client.db('kept').collection('things'))
  } finally {
    await client.close()
  }
}
