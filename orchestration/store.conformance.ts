import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { marksConformance } from './crash-loop/marks.conformance.ts'
import { archiveConformance } from './housekeeping/archive.conformance.ts'
import { active, aHead, aRow, oddState } from './journal.fixtures.ts'
import type { Head } from './journal.ts'
import type { DueHead, Store } from './store.ts'

/** Holds every promise of the store port. `makeStore` gives a new, empty store each time. */
export function storeConformance(name: string, makeStore: () => Promise<Store>): void {
  describe(`${name} keeps the promises of the store port:`, () => {
    let store: Store
    beforeEach(async () => {
      store = await makeStore()
    })
    afterEach(() => store.close())

    describe('the journal', () => {
      test('of 50 writers on one saga exactly one wins each seq', async () => {
        const sagaId = randomUUID()
        for (const seq of [1, 2, 3]) {
          const rivals = Array.from({ length: 50 }, () => aRow(sagaId, seq))
          const results = await Promise.all(rivals.map((row) => store.insertRows([row])))
          const winners = rivals.filter((_, i) => results[i]?.[0] === 'inserted')
          expect(winners).toHaveLength(1)
          expect(await store.readRows([`${sagaId}:${seq}`])).toEqual(winners)
          expect(results.flat().filter((result) => result === 'duplicate')).toHaveLength(49)
        }
      })

      test('a repeated insert answers duplicate, and the stored attempt tells whose row it is', async () => {
        const mine = aRow(randomUUID(), 1)
        expect(await store.insertRows([mine])).toEqual(['inserted'])
        expect(await store.insertRows([mine])).toEqual(['duplicate'])
        expect(await store.insertRows([aRow(mine.sagaId, 1)])).toEqual(['duplicate'])
        const [stored] = await store.readRows([mine._id])
        expect(stored?.attempt).toBe(mine.attempt)
      })

      test('a batch gives one result per row, in the order of the rows', async () => {
        const rows = Array.from({ length: 7 }, () => aRow(randomUUID(), 1))
        await store.insertRows(rows.filter((_, i) => i % 3 === 0))
        expect(await store.insertRows(rows)).toEqual(
          rows.map((_, i) => (i % 3 === 0 ? 'duplicate' : 'inserted')),
        )
        expect(await store.readRows(rows.map((row) => row._id))).toHaveLength(7)
        expect(await store.insertRows([])).toEqual([])
      })

      test('reading leaves out what is missing', async () => {
        const row = aRow(randomUUID(), 1)
        await store.insertRows([row])
        expect(await store.readRows([row._id, `${row.sagaId}:2`])).toEqual([row])
        expect(await store.readRows([])).toEqual([])
      })

      test('the history has all rows of one saga in seq order, also those that no head covers yet', async () => {
        const sagaId = randomUUID()
        const rows = Array.from({ length: 70 }, (_, i) => aRow(sagaId, i + 1))
        for (const row of [...rows].reverse()) await store.insertRows([row])
        await store.insertRows([aRow(randomUUID(), 1)])
        await store.writeHeads([aHead({ _id: sagaId, seq: 3 })])
        expect(await store.history(sagaId)).toEqual(rows)
        expect(await store.history(randomUUID())).toEqual([])
      })

      test('odd keys, nested nulls and any text come back exactly', async () => {
        const row = aRow(randomUUID(), 1, oddState)
        const head = aHead({ _id: row.sagaId, state: oddState })
        await store.insertRows([row])
        await store.writeHeads([head])
        expect(JSON.stringify(await store.readRows([row._id]))).toBe(JSON.stringify([row]))
        expect(JSON.stringify(await store.readHeads([head._id]))).toBe(JSON.stringify([head]))
      })

      test('fields that are undefined are not stored', async () => {
        const row = aRow(randomUUID(), 1, { ...active('paying'), output: undefined })
        await store.insertRows([row])
        const [stored] = await store.readRows([row._id])
        expect(stored?.state).toStrictEqual(active('paying'))
      })

      test('a row of 500 KB comes back whole', async () => {
        const state = { ...active('paying'), context: { note: 'ü'.repeat(250_000) } }
        const row = aRow(randomUUID(), 1, state)
        expect(await store.insertRows([row])).toEqual(['inserted'])
        expect(await store.readRows([row._id])).toEqual([row])
      })

      test('what was handed over or read can be changed without changing what is stored', async () => {
        const row = aRow(randomUUID(), 1)
        const original = structuredClone(row)
        await store.insertRows([row])
        Object.assign(row.trace, { traceparent: 'changed' })
        const [read] = await store.readRows([row._id])
        Object.assign(read?.trace ?? {}, { traceparent: 'changed' })
        expect(await store.readRows([row._id])).toEqual([original])
      })
    })

    describe('a head', () => {
      test('is replaced by a newer one and never by an older one', async () => {
        const [fresh, stale] = [randomUUID(), randomUUID()]
        await store.writeHeads([aHead({ _id: fresh, seq: 1 }), aHead({ _id: stale, seq: 9 })])
        await store.writeHeads([aHead({ _id: fresh, seq: 4 }), aHead({ _id: stale, seq: 8 })])
        expect(await seqs(store, [fresh, stale])).toEqual([4, 9])
        expect(await store.readHeads([randomUUID()])).toEqual([])
        await store.writeHeads([])
      })

      test('written again at the same seq is covered already', async () => {
        const head = aHead({ seq: 2 })
        await store.writeHeads([head])
        await store.writeHeads([head])
        expect(await store.readHeads([head._id])).toEqual([head])
      })

      test('has the largest seq after 50 first writers raced, and each was covered when its call ended', async () => {
        for (let round = 0; round < 4; round++) {
          const _id = randomUUID()
          const rivals = Array.from({ length: 50 }, (_, i) => aHead({ _id, seq: ((i * 7) % 50) + 1 }))
          await Promise.all(
            rivals.map(async (head) => {
              await store.writeHeads([head])
              const [stored] = await seqs(store, [_id])
              expect(stored).toBeGreaterThanOrEqual(head.seq)
            }),
          )
          expect(await seqs(store, [_id])).toEqual([50])
        }
      })

      test('stays at the largest seq when old and new batches overlap', async () => {
        const ids = Array.from({ length: 20 }, () => randomUUID())
        const batches = [5, 2, 8, 1, 9, 3].map((seq) => ids.map((_id) => aHead({ _id, seq })))
        await Promise.all(batches.map((batch) => store.writeHeads(batch)))
        expect(await seqs(store, ids)).toEqual(ids.map(() => 9))
      })
    })

    describe('what is due', () => {
      test('is given by partition, oldest first, without what is owed later or not at all', async () => {
        await store.writeHeads([
          aHead({ _id: 'late', partition: 1, dueAt: 300 }),
          aHead({ _id: 'future', partition: 1, dueAt: 301 }),
          aHead({ _id: 'never', partition: 1, dueAt: null }),
          aHead({ _id: 'early', partition: 2, dueAt: 100, seq: 7 }),
          aHead({ _id: 'elsewhere', partition: 3, dueAt: 100 }),
          aHead({ _id: 'early-too', partition: 1, dueAt: 100 }),
        ])
        expect(await store.dueHeads({ partitions: [1, 2], now: 300, limit: 10 })).toEqual([
          { _id: 'early', seq: 7, partition: 2, dueAt: 100 },
          { _id: 'early-too', seq: 1, partition: 1, dueAt: 100 },
          { _id: 'late', seq: 1, partition: 1, dueAt: 300 },
        ])
        expect(await store.dueHeads({ partitions: [], now: 300, limit: 10 })).toEqual([])
      })

      test('pages through equal due times without losing or repeating one', async () => {
        const heads = Array.from({ length: 25 }, (_, i) =>
          aHead({ partition: i % 3, dueAt: i < 20 ? 100 : 50 }),
        )
        await store.writeHeads(heads)
        const pages = await pagesOf<DueHead>((last) =>
          store.dueHeads({ partitions: [0, 1, 2], now: 100, limit: 4, ...(last && { after: last }) }),
        )
        expect(pages).toHaveLength(7)
        expect(pages.flat().map((head) => head._id)).toEqual(
          [...heads]
            .sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0) || (a._id < b._id ? -1 : 1))
            .map((head) => head._id),
        )
      })

      test('follows the newest head', async () => {
        const head = aHead({ dueAt: 100 })
        await store.writeHeads([head])
        await store.writeHeads([{ ...head, seq: 2, dueAt: null }])
        expect(await store.dueHeads({ partitions: [0], now: 200, limit: 10 })).toEqual([])
      })
    })

    describe('the list of heads', () => {
      test('pages from the newest to the oldest, also when several started at once', async () => {
        const heads = Array.from({ length: 11 }, (_, i) => aHead({ startedAt: 100 + Math.floor(i / 4) }))
        await store.writeHeads(heads)
        const pages = await pagesOf<Head>((last) =>
          store.listHeads({
            limit: 3,
            ...(last && { after: { startedAt: last.startedAt, id: last._id } }),
          }),
        )
        expect(pages.map((page) => page.length)).toEqual([3, 3, 3, 2])
        expect(pages.flat()).toEqual(
          [...heads].sort((a, b) => b.startedAt - a.startedAt || (a._id > b._id ? -1 : 1)),
        )
      })

      test('is filtered by the top-level state, be it simple, compound or parallel', async () => {
        const values = ['paying', { shipping: { packing: 'boxed' } }, { paying: 'slow', shipping: 'fast' }]
        await store.writeHeads(
          values.map((value, i) => aHead({ _id: `${i}`, startedAt: i, state: active(value) })),
        )
        await store.writeHeads([aHead({ _id: 'unstarted', state: null })])
        const idsIn = async (state: string) =>
          (await store.listHeads({ limit: 10, state })).map((head) => head._id)
        expect(await idsIn('paying')).toEqual(['2', '0'])
        expect(await idsIn('shipping')).toEqual(['2', '1'])
        expect(await idsIn('packing')).toEqual([])
      })

      test('is counted by the top-level state, up to a limit', async () => {
        await store.writeHeads(Array.from({ length: 5 }, () => aHead({ state: active('paying') })))
        await store.writeHeads([aHead({ state: active({ paying: 'slow' }) }), aHead({ state: null })])
        expect(await store.countHeads({ state: 'paying', limit: 10 })).toBe(6)
        expect(await store.countHeads({ state: 'paying', limit: 4 })).toBe(4)
        expect(await store.countHeads({ state: 'shipping', limit: 4 })).toBe(0)
      })
    })

    archiveConformance(() => store)
    marksConformance(() => store)
  })
}

async function seqs(store: Store, sagaIds: readonly string[]): Promise<(number | undefined)[]> {
  const heads = new Map((await store.readHeads(sagaIds)).map((head) => [head._id, head.seq]))
  return sagaIds.map((id) => heads.get(id))
}

/** Asks for pages, each after the last element of the one before, until one is empty. */
async function pagesOf<T>(read: (last: T | undefined) => Promise<readonly T[]>): Promise<(readonly T[])[]> {
  const pages: (readonly T[])[] = []
  for (;;) {
    const page = await read(pages.at(-1)?.at(-1))
    if (page.length === 0 || pages.length > 100) return pages
    pages.push(page)
  }
}
