import { describe, expect, test } from '@jest/globals'
import { createLogger } from '#observability'
import type { Clock, Head } from '#orchestration'
import { headWatcher, untilEnded } from './waiters.ts'

describe('watching heads', () => {
  test('asks for all watched orders in one read per look, and for none when nobody watches', async () => {
    const { watcher, reads, tick } = rig()
    const stops = ['a', 'b', 'b'].map((id) => watcher.watch(id, () => {}))
    await tick()
    await tick()
    expect(reads).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ])
    for (const stop of stops) stop()
    await tick()
    await tick()
    expect(reads.at(-1)).toEqual([])
    expect(reads).toHaveLength(3)
  })

  test('tells each watcher of each newer head once', async () => {
    const { watcher, heads, tick } = rig()
    const seen: number[] = []
    watcher.watch('a', ({ seq }) => void seen.push(seq))
    for (const seq of [1, 1, 3, 2, 4]) {
      heads.set('a', aHead('a', seq))
      await tick()
    }
    expect(seen).toEqual([1, 3, 4])
  })

  test('goes on after a read that failed', async () => {
    const { watcher, heads, tick, store } = rig()
    const seen: number[] = []
    watcher.watch('a', ({ seq }) => void seen.push(seq))
    heads.set('a', aHead('a', 1))
    store.broken = true
    await tick()
    await tick()
    expect(seen).toEqual([])
    store.broken = false
    await tick()
    expect(seen).toEqual([1])
  })

  test('is full at its capacity and has room again when a watch ends, however often it is ended', () => {
    const { watcher } = rig({ capacity: 2 })
    const stop = watcher.watch('a', () => {})
    watcher.watch('a', () => {})
    expect(watcher.full()).toBe(true)
    stop()
    stop()
    expect(watcher.full()).toBe(false)
    watcher.watch('a', () => {})
    expect(watcher.full()).toBe(true)
  })
})

describe('waiting for the end of an order', () => {
  test('is over with the end, and leaves no watch and no timer behind', async () => {
    const { watcher, heads, tick, clock, pending } = rig({ capacity: 1 })
    const ended = untilEnded('a', { watcher, clock, ms: 1_000, until: [] })
    heads.set('a', aHead('a', 1))
    await tick()
    heads.set('a', aHead('a', 2, 'done'))
    await tick()
    await ended
    expect(watcher.full()).toBe(false)
    await tick()
    expect(pending()).toBe(0)
  })

  test('is over when the time is, or when it was aborted before it began', async () => {
    const { watcher, tick, clock } = rig({ capacity: 1 })
    const timedOut = untilEnded('a', { watcher, clock, ms: 5, until: [] })
    await tick()
    await timedOut
    await untilEnded('a', { watcher, clock, ms: 1_000, until: [AbortSignal.abort()] })
    expect(watcher.full()).toBe(false)
  })
})

function aHead(id: string, seq: number, status: 'active' | 'done' = 'active'): Head {
  const state = { value: 'x', context: {}, status }
  const nothing = { seen: [], deferred: [], timers: [], effects: [], dueAt: null }
  return { _id: id, seq, version: '1', partition: 0, state, ...nothing, startedAt: 1, at: 1 }
}

/** A watcher over a store of its own; `tick` moves the clock by one look and lets everything that it started finish. */
function rig({ capacity = 10 } = {}) {
  const heads = new Map<string, Head>()
  const reads: string[][] = []
  const store = {
    broken: false,
    async readHeads(ids: readonly string[]) {
      reads.push([...ids])
      if (store.broken) throw new Error('down')
      return ids.flatMap((id) => heads.get(id) ?? [])
    },
  }
  const timers = new Set<{ at: number; task: () => void }>()
  let now = 0
  const clock: Clock = {
    now: () => now,
    schedule(ms, task) {
      const timer = { at: now + ms, task }
      timers.add(timer)
      return () => timers.delete(timer)
    },
  }
  async function tick(): Promise<void> {
    now += 10
    for (const timer of [...timers].filter(({ at }) => at <= now)) {
      timers.delete(timer)
      timer.task()
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  const log = createLogger({ service: 'test', level: 'silent' })
  const watcher = headWatcher({ store, clock, log, pollMs: 10, capacity })
  return { watcher, heads, reads, store, clock, tick, pending: () => timers.size }
}
