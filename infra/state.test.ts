import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { stopRunning } from './down.ts'
import { identify, type ProcessId } from './processes.ts'
import { type RunningSet, readRunning, usableSet, writeRunning } from './state.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chorus-state-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** This process stands for a server that runs; the same pid with another start time for one long gone. */
function alive(): ProcessId {
  const id = identify(process.pid)
  if (!id) throw new Error('this process cannot be identified')
  return id
}
const recycled = (): ProcessId => ({ pid: process.pid, startedAt: 'long ago' })

function set(processes: readonly ProcessId[], owner?: ProcessId): RunningSet {
  return {
    mode: 'local',
    why: 'test',
    servers: [],
    environment: { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1' },
    missing: [],
    processes: processes.map((process, index) => ({ name: `server ${index}`, ...process })),
    ...(owner && { owner }),
  }
}

describe('the servers on a data folder', () => {
  test('are used when `npm run up` left them running', async () => {
    writeRunning(folder, set([alive()]))
    expect(await usableSet(folder)).toMatchObject({ environment: { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1' } })
  })

  test('are not shared with a start that is still running', async () => {
    writeRunning(folder, set([], alive()))
    await expect(usableSet(folder)).rejects.toThrow('Chorus is already running on these data.')
  })

  test('are forgotten when they are gone, even if their pids run something else now', async () => {
    writeRunning(folder, set([recycled()]))
    expect(await usableSet(folder)).toBeUndefined()
    expect(readRunning(folder)).toBeUndefined()
  })

  test('are refused when only some of them are alive, and it says which have ended', async () => {
    writeRunning(folder, set([alive(), recycled()]))
    await expect(usableSet(folder)).rejects.toMatchObject({
      why: 'server 1 has ended',
      fix: 'npm run down && npm run up',
    })
  })

  test('are not killed by `down` when another process has their pid', async () => {
    writeRunning(folder, set([recycled()]))
    await stopRunning(folder) // would end this very process
    expect(readRunning(folder)).toBeUndefined()
  })

  test('are not stopped by `down` while their start is alive', async () => {
    writeRunning(folder, set([], alive()))
    await expect(stopRunning(folder)).rejects.toThrow('The servers belong to a start that is still running.')
  })
})
