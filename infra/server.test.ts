import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Guard, startGuard } from './guard.ts'
import { identify } from './processes.ts'
import { type ServerPlan, startServer } from './server.ts'

let logs: string
let guard: Guard

beforeAll(() => {
  logs = mkdtempSync(join(tmpdir(), 'chorus-server-'))
  guard = startGuard()
})

afterAll(async () => {
  await guard.stop()
  rmSync(logs, { recursive: true, force: true })
})

function plan(name: ServerPlan['name'], source: string, ready: ServerPlan['ready']): ServerPlan {
  const launch = { command: process.execPath, args: ['-e', source] }
  return { name, title: 'Kafka', version: '1', address: '127.0.0.1:1', launch, ready, limitMs: 1_000 }
}

const never = () => Promise.reject(new Error('nobody answers'))

describe('a server', () => {
  test('that ends before it is ready is told at once, with the end of its log', async () => {
    const dies = plan('kafka', 'console.log("no space left on device"); process.exit(9)', never)
    await expect(startServer({ ...dies, limitMs: 60_000 }, { guard, logs })).rejects.toMatchObject({
      message: 'Kafka 1 does not come up on 127.0.0.1:1.',
      why: expect.stringMatching(/it ended with code 9[\s\S]*kafka\.log:\nno space left on device/),
    })
  })

  test('that does not become ready in time is stopped', async () => {
    const mute = plan('store', 'console.log(process.pid); setInterval(() => {}, 1000)', never)
    const failure = await startServer(mute, { guard, logs }).catch((error: { why: string }) => error)
    const { why } = failure as { why: string }
    expect(why).toContain('nobody answers (waited up to 1 s)')
    expect(identify(Number(why.trim().split('\n').at(-1)))).toBeUndefined()
  })

  test('is there once it answers', async () => {
    let asked = 0
    const third = async () => {
      if (++asked < 3) throw new Error('not yet')
    }
    const server = await startServer(plan('registry', 'setInterval(() => {}, 1000)', third), { guard, logs })
    expect(identify(server.pid)).toBeDefined()
    await server.stop()
  })
})
