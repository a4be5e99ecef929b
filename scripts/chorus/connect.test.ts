import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { identify, type ProcessId } from '../../infra/processes.ts'
import { writeRunning } from '../../infra/state.ts'
import { withAddresses } from './connect.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chorus-connect-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const given = {
  KAFKA_BOOTSTRAP_SERVERS: 'kafka:9092',
  SCHEMA_REGISTRY_URL: 'http://registry:8080/apis/ccompat/v7',
  MONGODB_URI: 'mongodb://mongo:27017',
}
const started = {
  KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:9092',
  SCHEMA_REGISTRY_URL: 'http://127.0.0.1:8081/apis/ccompat/v7',
  MONGODB_URI: 'mongodb://127.0.0.1:27017',
}

function running(process: ProcessId, environment: object = started): void {
  const set = { mode: 'local', why: 'they are here', servers: [], missing: [], environment } as const
  writeRunning(folder, { ...set, processes: [{ name: 'Kafka', ...process }] })
}
const alive = () => identify(process.pid) as ProcessId

test('addresses in the environment are taken as they are', () => {
  expect(withAddresses({ ...given, CHORUS_DATA: folder })).toMatchObject(given)
})

test('without them it finds the servers that run on the data folder; a given address wins', () => {
  running(alive())
  const environment = { CHORUS_DATA: folder, MONGODB_URI: given.MONGODB_URI, KAFKA_BOOTSTRAP_SERVERS: '' }
  expect(withAddresses(environment)).toMatchObject({ ...started, MONGODB_URI: given.MONGODB_URI })
})

test('no servers at all are a problem that says what to do', () => {
  expect(() => withAddresses({ CHORUS_DATA: folder })).toThrow(
    expect.objectContaining({
      why: expect.stringContaining(folder),
      fix: expect.stringContaining('npm start'),
    }),
  )
})

test('servers that have died are none', () => {
  running({ pid: process.pid, startedAt: 'before' })
  expect(() => withAddresses({ CHORUS_DATA: folder })).toThrow('no servers')
})
