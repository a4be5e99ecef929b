import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startGuard } from './guard.ts'
import { identify, isAlive, signalGroup } from './processes.ts'
import { waitUntil } from './wait.ts'

/** Runs until it is stopped, with a child of its own, and says so. */
const SERVER = `
require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
process.on('SIGTERM', () => { console.log('stopped in order'); process.exit(0) })
console.log('serving')
setInterval(() => {}, 1000)
`
const LIMIT = { limitMs: 10_000 }

let folder: string
let log: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chorus-guard-'))
  log = join(folder, 'server.log')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function launch(name = 'server') {
  return { name, command: process.execPath, args: ['-e', SERVER], log }
}

const serving = () => waitUntil(async () => expect(readFileSync(log, 'utf8')).toContain('serving'), LIMIT)

describe('the guard', () => {
  test('stops the servers of a starter that was killed with kill -9', async () => {
    const starter = spawn(process.execPath, [
      fileURLToPath(new URL('./guard.fixture.ts', import.meta.url)),
      ...[log, process.execPath, '-e', SERVER],
    ])
    const [printed] = await once(starter.stdout, 'data')
    const server = identify(Number(printed))
    if (!server) throw new Error('the starter printed no pid of a running server')
    await serving()
    starter.kill('SIGKILL')
    await waitUntil(async () => expect(isAlive(server)).toBe(false), LIMIT)
    await waitUntil(async () => expect(readFileSync(log, 'utf8')).toContain('stopped in order'), LIMIT)
    await waitUntil(async () => expect(groupIsGone(server.pid)).toBe(true), LIMIT)
  })

  test('stops what it is told to stop, and what that started', async () => {
    const guard = startGuard()
    const server = await guard.start(launch())
    await serving()
    await server.stop()
    expect(readFileSync(log, 'utf8')).toContain('stopped in order')
    expect(await server.exited).toBe('code 0')
    await waitUntil(async () => expect(groupIsGone(server.pid)).toBe(true), LIMIT)
    await guard.stop()
  })

  test('that has ended starts nothing, and says so', async () => {
    const guard = startGuard()
    await guard.stop()
    await expect(guard.start(launch())).rejects.toThrow('the guard')
  })

  test('leaves released servers running', async () => {
    const guard = startGuard()
    const { pid } = await guard.start(launch())
    await serving()
    await guard.release()
    expect(identify(pid)).toBeDefined()
    signalGroup(pid, 'SIGKILL')
    await waitUntil(async () => expect(groupIsGone(pid)).toBe(true), LIMIT)
  })

  test('tells how a server ended that ends by itself', async () => {
    const guard = startGuard()
    const server = await guard.start({ ...launch(), args: ['-e', 'process.exit(3)'] })
    expect(await server.exited).toBe('code 3')
    await guard.stop()
  })

  test('tells that a command cannot be started', async () => {
    const guard = startGuard()
    await expect(guard.start({ ...launch(), command: '/no/such/command' })).rejects.toThrow(
      '/no/such/command',
    )
    await guard.stop()
  })
})

function groupIsGone(pid: number): boolean {
  try {
    process.kill(-pid, 0)
    return false
  } catch {
    return true
  }
}
