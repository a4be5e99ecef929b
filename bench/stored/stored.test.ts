import { beforeAll, expect, test } from '@jest/globals'
import { partitionOf } from '#messaging'
import { createLogger } from '#observability'
import { memoryStore, memoryStoryStore } from '#orchestration'
import type { Measured } from '../measure.ts'
import { idOf, recordedWays, type Told } from '../tracker/sagas.ts'
import { endedWays, storeEndedOrders } from './ended-orders.ts'
import { ratiosOf } from './stored.ts'

const names = ['order', 'payment', 'shipping']
const now = Date.parse('2026-11-23')
const signal = new AbortController().signal

let ways: readonly Told[]

beforeAll(async () => {
  ways = endedWays(await recordedWays(createLogger({ service: 'test', level: 'silent' })))
})

async function filled(count: number) {
  const stores = new Map(names.map((name) => [name, memoryStore()]))
  const stories = memoryStoryStore()
  await storeEndedOrders(count, { stores, stories }, { ways, now, signal })
  return { stores, stories }
}

test('stored orders have ended: nothing of them is due, and housekeeping leaves them alone for a day at least', async () => {
  const { stores, stories } = await filled(700)
  for (const store of stores.values()) {
    const all = { partitions: Array.from({ length: 12 }, (_, i) => i), limit: 1_000 }
    expect(await store.dueHeads({ ...all, now: Number.MAX_SAFE_INTEGER })).toEqual([])
    expect(await store.archive.finished({ ...all, before: now - 24 * 60 * 60 * 1_000 })).toEqual([])
  }
  expect(await stores.get('order')?.listHeads({ limit: 1_000 })).toHaveLength(700)
  expect(await stories.tally()).toMatchObject({ running: 0, waiting: 0, ended: 700 })
})

test('each order has its own ids, its partition, and a journal without a gap behind its head', async () => {
  const { stores } = await filled(ways.length + 1)
  const seen = new Set<string>()
  for (const [name, store] of stores) {
    for (const { _id, seq, partition } of await store.listHeads({ limit: 1_000 })) {
      const rows = await store.history(_id)
      expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: seq }, (_, i) => i + 1))
      expect(partition).toBe(partitionOf(_id, 12))
      for (const { id } of rows.flatMap(({ emitted }) => emitted)) {
        expect(seen).not.toContain(`${name} ${id}`)
        seen.add(`${name} ${id}`)
      }
      expect(JSON.stringify(rows)).not.toMatch(/"v2-/)
    }
  }
  // The first one and the last one went the same way.
  const [first, last] = [idOf(0), idOf(ways.length)]
  const causes = async (id: string) =>
    (await stores.get('order')?.history(id))?.map(({ cause, state }) => [cause.kind, state?.value])
  expect(await causes(last)).toEqual(await causes(first))
})

test('filling ends when the run is interrupted', async () => {
  const interrupted = AbortSignal.abort(new Error('SIGINT'))
  const filling = storeEndedOrders(
    1,
    { stores: new Map(), stories: null },
    { ways, now, signal: interrupted },
  )
  await expect(filling).rejects.toThrow('SIGINT')
})

test('a cost that stays has the ratio 1; a process that did nothing has none', () => {
  const load = (cpuMsPerOrder: number, each: Readonly<Record<string, number>>) =>
    ({
      cpuMsPerOrder,
      processes: Object.entries(each).map(([name, cpu]) => ({ name, cpuMsPerOrder: cpu })),
    }) as unknown as Measured
  const before = load(4, { order: 1.5, store: 2, registry: 0 })
  const after = load(5, { order: 1.5, store: 3, registry: 0.1 })
  expect(ratiosOf(before, after)).toEqual({ sum: 1.25, processes: { order: 1, store: 1.5 } })
})
