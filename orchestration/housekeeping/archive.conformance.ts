import { randomUUID } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { aHead, aRow, oddState } from '../journal.fixtures.ts'
import type { Head, MachineState } from '../journal.ts'
import type { Store } from '../store.ts'
import type { FinishedHead } from './archive.ts'

const done: MachineState = { value: 'delivered', context: { amount: 1 }, status: 'done' }
const pending = { key: 'k@1', id: 'k', trace: {} }
const timer = { ...pending, event: 'e', dueAt: 9_000 }
const effect = {
  ...pending,
  src: 's',
  input: 1,
  idempotencyKey: 'i',
  startedAt: 1,
  failures: 0,
  notBefore: 1,
}
const hold = { row: 's:1', seq: 1, id: 'e', code: 'C', reason: 'r', at: 1 }

/** Holds every promise of the archive port. `opened` gives a store that is new and empty for each test. */
export function archiveConformance(opened: () => Store): void {
  const archive = () => opened().archive

  /** A saga with this many rows, whose head says that it ended at `at`. */
  async function ended(seq: number, fields: Partial<Head> = {}): Promise<Head> {
    const head = aHead({ seq, state: done, ...fields })
    for (let n = 1; n <= seq; n++) await opened().insertRows([aRow(head._id, n)])
    await opened().writeHeads([head])
    return head
  }

  const idsOf = (found: readonly FinishedHead[]) => found.map(({ head }) => head._id)
  const all = { partitions: [0], before: Number.MAX_SAFE_INTEGER, limit: 100 }
  // A server may remove by itself what has expired by its own clock: so in times to come.
  const inAnHour = Date.now() + 3_600_000
  const times = { archivedAt: 5_000, expireAt: inAnHour }

  describe('what is finished', () => {
    test('has ended, or was never begun, and owes nothing', async () => {
      await ended(0, { _id: 'done', at: 1 })
      await ended(0, { _id: 'failed', at: 2, state: { ...done, status: 'error' } })
      await ended(0, { _id: 'never begun', at: 3, state: null })
      await ended(0, { _id: 'active', state: oddState })
      await ended(0, { _id: 'with a timer', timers: [timer] })
      await ended(0, { _id: 'with an effect', effects: [effect] })
      await ended(0, { _id: 'held', held: [hold] })
      const waiting = { ...aRow('x', 1).cause, type: 't', source: 's', topic: 't', partition: 0, offset: '0' }
      const deferred = [{ ...waiting, time: 1, data: {}, trace: {}, seq: 1 }]
      await ended(0, { _id: 'waiting to begin', state: null, deferred })
      expect(idsOf(await archive().finished(all))).toEqual(['done', 'failed', 'never begun'])
    })

    test('is given by partition, the oldest first, without what was spoken of later', async () => {
      const late = await ended(2, { _id: 'late', at: 300, partition: 1 })
      await ended(1, { _id: 'too late', at: 301, partition: 1 })
      await ended(1, { _id: 'elsewhere', at: 100, partition: 3 })
      const early = await ended(1, { _id: 'early', at: 100, partition: 2 })
      expect(await archive().finished({ partitions: [1, 2], before: 301, limit: 10 })).toEqual([
        { head: early, finishedAt: 100 },
        { head: late, finishedAt: 300 },
      ])
      expect(
        idsOf(await archive().finished({ ...all, partitions: [1, 2], among: ['late', 'none'] })),
      ).toEqual(['late'])
      expect(await archive().finished({ ...all, partitions: [] })).toEqual([])
    })

    test('pages through equal times without losing or repeating one', async () => {
      const heads = Array.from({ length: 25 }, (_, i) => aHead({ state: done, at: i < 20 ? 100 : 50 }))
      await opened().writeHeads(heads)
      const found: FinishedHead[] = []
      for (let page = await archive().finished({ ...all, limit: 4 }); page.length > 0; ) {
        found.push(...page)
        page = await archive().finished({ ...all, limit: 4, after: page.at(-1) as FinishedHead })
      }
      const oldestFirst = heads.toSorted((a, b) => a.at - b.at || (a._id < b._id ? -1 : 1))
      expect(found.map(({ head }) => head)).toEqual(oldestFirst)
    })

    test('follows the newest head', async () => {
      const head = await ended(1)
      await opened().writeHeads([{ ...head, seq: 2, held: [hold] }])
      expect(await archive().finished(all)).toEqual([])
    })

    test('counts as finished when it was last spoken of, and only what is finished is spoken of', async () => {
      const [old, fresh] = [await ended(1, { at: 100 }), await ended(1, { at: 900 })]
      const active = await ended(1, { state: oddState })
      await archive().spokenOf([old._id, fresh._id, active._id, 'nobody'], 500)
      expect(await archive().finished(all)).toEqual([
        { head: old, finishedAt: 500 },
        { head: fresh, finishedAt: 900 },
      ])
      expect(await opened().readHeads([old._id])).toEqual([old])
    })
  })

  describe('the archive', () => {
    test('keeps a saga whole, with odd keys and any text', async () => {
      const head = aHead({ seq: 12, state: oddState })
      const rows = Array.from({ length: 12 }, (_, i) => aRow(head._id, i + 1, oddState))
      expect(await archive().put([{ head, rows }], times)).toEqual(new Set([head._id]))
      const kept = await archive().read([head._id, randomUUID()])
      expect(JSON.stringify(kept)).toBe(JSON.stringify([{ head, rows }]))
      expect(await archive().read([])).toEqual([])
      expect(await archive().put([], times)).toEqual(new Set())
    })

    test('adds to what it has of a saga, so that nothing is lost when only a part is written again', async () => {
      const head = aHead({ seq: 2 })
      const rows = [1, 2, 3].map((seq) => aRow(head._id, seq))
      await archive().put([{ head, rows: rows.slice(0, 2) }], times)
      await archive().put([{ head, rows: [] }], times)
      const later = { ...head, seq: 3 }
      await archive().put([{ head: later, rows: rows.slice(2) }], times)
      expect(await archive().read([head._id])).toEqual([{ head: later, rows }])
    })

    test('lets go of what has expired, a limited number at a time', async () => {
      const sagas = [1, 2, 3].map(() => ({ head: aHead(), rows: [] }))
      const fresh = { head: aHead(), rows: [] }
      await archive().put(sagas, times)
      await archive().put([fresh], { ...times, expireAt: inAnHour + 1 })
      expect(await archive().expire(inAnHour - 1, 10)).toBe(0)
      expect(await archive().expire(inAnHour, 2)).toBe(2)
      expect(await archive().expire(inAnHour, 2)).toBe(1)
      expect(await archive().read([...sagas, fresh].map(({ head }) => head._id))).toEqual([fresh])
    })
  })

  describe('removing', () => {
    test('takes the rows of a saga up to its seq, and no others', async () => {
      const [gone, other] = [await ended(150), await ended(2)]
      await opened().insertRows([aRow(gone._id, 151)])
      await archive().removeRows([gone])
      await archive().removeRows([gone])
      const ids = [1, 75, 150, 151].map((seq) => `${gone._id}:${seq}`)
      expect((await opened().readRows(ids)).map(({ seq }) => seq)).toEqual([151])
      expect(await opened().history(other._id)).toHaveLength(2)
    })

    test('takes a head only as it was seen, and what is removed is neither due, listed nor finished', async () => {
      const [gone, moved] = [await ended(1), await ended(1)]
      await opened().writeHeads([{ ...moved, seq: 2 }])
      await archive().removeHeads([gone, moved])
      await archive().removeHeads([gone])
      await archive().removeHeads([])
      expect(await opened().readHeads([gone._id, moved._id])).toEqual([{ ...moved, seq: 2 }])
      expect((await opened().listHeads({ limit: 10 })).map(({ _id }) => _id)).toEqual([moved._id])
      expect(idsOf(await archive().finished(all))).toEqual([moved._id])
    })

    test('leaves room for a saga of the same id', async () => {
      const first = await ended(2)
      await archive().removeRows([first])
      await archive().removeHeads([first])
      expect(await opened().insertRows([aRow(first._id, 1)])).toEqual(['inserted'])
      await opened().writeHeads([{ ...first, seq: 1 }])
      expect(await opened().readHeads([first._id])).toEqual([{ ...first, seq: 1 }])
    })
  })
}
