import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Guard, startGuard } from './guard.ts'
import { identify, signalGroup } from './processes.ts'
import { startServerProcess } from './server-process.ts'
import { waitUntil } from './wait.ts'

let logs: string
let guard: Guard
let deaths: string[]

beforeEach(() => {
  logs = mkdtempSync(join(tmpdir(), 'chorus-process-'))
  guard = startGuard()
  deaths = []
})

afterEach(async () => {
  await guard.stop()
  rmSync(logs, { recursive: true, force: true })
})

function start() {
  const source = 'console.log(process.pid); setInterval(() => {}, 1000)'
  const ready = async () => void readFileSync(join(logs, 'store.log'))
  const launch = { command: process.execPath, args: ['-e', source] }
  const plan = { title: 'Store', version: '1', address: '127.0.0.1:1', launch, ready, limitMs: 10_000 }
  const onDeath = (name: string, how: string) => void deaths.push(`${name} ${how}`)
  return startServerProcess({ name: 'store', ...plan }, { guard, logs, onDeath })
}

test('a server that was killed comes back as another process, and nobody is told of its death', async () => {
  const server = await start()
  const before = server.pid() ?? 0
  await server.kill()
  expect({ pid: server.pid(), identity: identify(before) }).toEqual({ pid: undefined, identity: undefined })
  await server.restart()
  const after = server.pid() ?? 0
  expect(identify(after)).toBeDefined()
  expect(after).not.toBe(before)
  await server.restart()
  expect(server.pid()).toBe(after)
  expect(deaths).toEqual([])
})

test('a server that dies by itself is told of, and can be started again', async () => {
  const server = await start()
  signalGroup(server.pid() ?? 0, 'SIGTERM')
  await waitUntil(async () => expect(deaths).toEqual(['Store SIGTERM']), { limitMs: 10_000 })
  expect(server.pid()).toBeUndefined()
  await server.restart()
  expect(identify(server.pid() ?? 0)).toBeDefined()
})
