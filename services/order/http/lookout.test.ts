import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Clock } from '#orchestration'
import { type Lookout, lookout } from './lookout.ts'

/** One look in 1,000 ms, given up after 3,000; `advance` moves the clock and lets everything run that is then due. */
function setting(look: () => Promise<number>) {
  const lines: string[] = []
  const write = (line: string) => void lines.push(line)
  const stop = new AbortController()
  let now = 0
  let timers: { at: number; task: () => void }[] = []
  const clock: Clock = {
    now: () => now,
    schedule(ms, task) {
      const timer = { at: now + ms, task }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
  }
  let looks = 0
  const server: Lookout<number> = lookout({
    name: 'The server',
    look: () => {
      looks++
      return look()
    },
    initial: 0,
    uneasy: (seen) => seen > 0,
    limits: { lookMs: 1_000, lookLimitMs: 3_000 },
    clock,
    log: { debug: write, info: write, warn: write, error: write, child: () => Promise.reject() as never },
    stopping: stop.signal,
  })
  async function advance(ms: number): Promise<void> {
    for (const end = now + ms; now < end; ) {
      await new Promise(setImmediate)
      now = Math.min(end, ...timers.map(({ at }) => at))
      const due = timers.filter(({ at }) => at <= now)
      timers = timers.filter(({ at }) => at > now)
      for (const { task } of due) task()
      await new Promise(setImmediate)
    }
  }
  return { server, lines, stop, advance, looks: () => looks, idle: () => timers.length === 0 }
}

let answer: () => Promise<number>
beforeEach(() => {
  answer = async () => 0
})
const failing = () => Promise.reject(new Error('connection refused'))

describe('a lookout', () => {
  test('looks once a second while somebody wants to know, and not at all when nobody does', async () => {
    const { server, advance, looks, idle } = setting(() => answer())
    for (let asked = 0; asked < 50; asked++) {
      server.wake()
      await advance(100)
    }
    expect(looks()).toBe(6)
    await advance(10_000)
    expect(looks()).toBe(6)
    expect(idle()).toBe(true)
  })

  test('goes on while there is something to see', async () => {
    const { server, advance, looks } = setting(() => answer())
    answer = async () => 7
    server.wake()
    await advance(3_000)
    expect([server.seen(), looks()]).toEqual([7, 4])
    answer = async () => 0
    await advance(3_000)
    expect([server.seen(), looks()]).toEqual([0, 5])
  })

  test('knows within a second that the server is back, though nobody asks meanwhile; it says both once', async () => {
    const { server, advance, lines, idle } = setting(() => answer())
    answer = failing
    server.wake()
    await advance(60_000)
    expect(server.down()).toBe(true)
    answer = async () => 0
    await advance(1_000)
    expect(server.down()).toBe(false)
    await advance(1_000)
    expect(idle()).toBe(true)
    expect(lines).toEqual([
      'The server does not answer: what needs it is refused until it does',
      'The server answers again',
    ])
  })

  test('takes a server for down that says nothing, until it does, with one question at a time', async () => {
    let say: (seen: number) => void = () => {}
    const { server, advance, looks } = setting(() => answer())
    answer = () =>
      new Promise((resolve) => {
        say = resolve
      })
    server.wake()
    await advance(2_999)
    expect(server.down()).toBe(false)
    await advance(60_000)
    expect([server.down(), looks()]).toEqual([true, 1])
    say(0)
    await advance(1)
    expect(server.down()).toBe(false)
  })

  test('keeps what it saw last when a look fails', async () => {
    const { server, advance } = setting(() => answer())
    answer = async () => 7
    server.wake()
    await advance(1)
    answer = failing
    await advance(1_000)
    expect([server.seen(), server.down()]).toEqual([7, true])
  })

  test('ends with the process', async () => {
    const { server, advance, stop, idle } = setting(() => answer())
    answer = failing
    server.wake()
    await advance(1)
    stop.abort()
    await advance(1_000)
    expect(idle()).toBe(true)
  })
})
