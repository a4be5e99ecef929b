import { describe, expect, test } from '@jest/globals'
import type { OutgoingMessage } from '#messaging'
import { durability } from '../durability.ts'
import { silent } from '../faults.fixtures.ts'
import { aHead, aRow } from '../journal.fixtures.ts'
import type { Head } from '../journal.ts'
import { manualClock, turn } from '../manual-clock.fixtures.ts'
import { memoryStore } from '../memory-store.ts'
import type { Store } from '../store.ts'
import { putAway } from './put-away.ts'

const ids = ['a', 'b', 'c']
const query = { partitions: [0], before: 5_000, limit: 10 }
const times = { archivedAt: 5_000, expireAt: 6_000 }
const ended = { value: 'delivered', context: {}, status: 'done' } as const

/** A store with three finished sagas of three rows each. */
async function finishedSagas(): Promise<Store> {
  const store = memoryStore()
  for (const sagaId of ids) {
    for (const seq of [1, 2, 3]) await store.insertRows([aRow(sagaId, seq)])
    await store.writeHeads([aHead({ _id: sagaId, seq: 3, state: ended })])
  }
  return store
}

/** A crash at the store's `at`th call, which is done all the same when `after`. The death is an error that nobody handles. */
function dying(store: Store, at: number, after: boolean): { store: Store; calls: () => number } {
  let calls = 0
  const cross =
    <A extends unknown[], T>(call: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      const dies = calls++ === at
      if (dies && !after) throw new Error('died')
      const answer = await call(...args)
      if (dies) throw new Error('died')
      return answer
    }
  const archive = Object.fromEntries(
    Object.entries(store.archive).map(([name, call]) => [name, cross(call as () => Promise<unknown>)]),
  ) as unknown as Store['archive']
  return { store: { ...store, readRows: cross(store.readRows), archive }, calls: () => calls }
}

/** Finds what is finished and puts it away, as a piece of the housekeeping does. */
async function round(store: Store) {
  return putAway(store, await store.archive.finished(query), times)
}

/** What the next owner of these sagas would say when it loads them. */
async function saidAgain(store: Store): Promise<readonly OutgoingMessage[]> {
  const said: OutgoingMessage[] = []
  const clock = manualClock()
  const owner = durability({
    store,
    producer: { send: async (messages) => void said.push(...messages), close: async () => {} },
    messagesOf: (row) => [{ topic: 't', key: row.sagaId, value: null, headers: {} }],
    onCovered: () => {},
    headsMayWait: () => true,
    clock,
    log: silent,
  })
  const loaded = ids.map((id) => owner.load(id))
  for (let i = 0; i < 20; i++) await turn()
  await Promise.all(loaded)
  return said
}

/** Rows of a saga that are neither in the journal nor in the archive any more. */
async function lost(store: Store): Promise<string[]> {
  const all = ids.flatMap((id) => [1, 2, 3].map((seq) => `${id}:${seq}`))
  const left = await store.readRows(all)
  const kept = (await store.archive.read(ids)).flatMap(({ rows }) => rows)
  const known = new Set([...left, ...kept].map(({ _id }) => _id))
  return all.filter((id) => !known.has(id))
}

describe('putting away', () => {
  test('keeps the whole saga in the archive and leaves nothing in the journal', async () => {
    const store = await finishedSagas()
    const before = { heads: await store.readHeads(ids), rows: await store.history('b') }
    const { gone, tooLarge } = await round(store)
    expect({ gone: gone.map(({ _id }) => _id), tooLarge }).toEqual({ gone: ids, tooLarge: [] })
    expect(await store.archive.read(['b'])).toEqual([{ head: before.heads[1], rows: before.rows }])
    expect(await store.readHeads(ids)).toEqual([])
    expect(await store.history('b')).toEqual([])
    expect(await saidAgain(store)).toEqual([])
  })

  test('may die at any call to the store, before it or after: nothing is lost or said again, and the next one finishes it', async () => {
    const whole = dying(await finishedSagas(), Number.POSITIVE_INFINITY, false)
    await round(whole.store)
    expect(whole.calls()).toBe(5)
    for (let at = 0; at < whole.calls(); at++) {
      for (const after of [false, true]) {
        const store = await finishedSagas()
        await expect(round(dying(store, at, after).store)).rejects.toThrow('died')
        expect(await lost(store)).toEqual([])
        expect(await saidAgain(store)).toEqual([])
        await round(store)
        expect(await lost(store)).toEqual([])
        expect(await store.readHeads(ids)).toEqual([])
        expect((await store.archive.read(ids)).map(({ rows }) => rows.length)).toEqual([3, 3, 3])
      }
    }
  })

  test('leaves a saga whose head does not cover all of its rows, for the last one may not be published', async () => {
    const store = await finishedSagas()
    await store.insertRows([aRow('b', 4)])
    await round(store)
    expect((await store.readHeads(ids)).map(({ _id }) => _id)).toEqual(['b'])
    expect(await store.history('b')).toHaveLength(4)
    expect(await store.archive.read(['b'])).toEqual([])
  })

  test('leaves what is too large for the archive as it is', async () => {
    const store = await finishedSagas()
    const { put } = store.archive
    const archive = {
      ...store.archive,
      put: (sagas: Parameters<typeof put>[0]) =>
        put(
          sagas.filter(({ head }) => head._id !== 'a'),
          times,
        ),
    }
    const { tooLarge } = await round({ ...store, archive })
    expect(tooLarge.map(({ _id }: Head) => _id)).toEqual(['a'])
    expect(await store.history('a')).toHaveLength(3)
  })

  test('reads long sagas a part at a time', async () => {
    const store = memoryStore()
    for (let seq = 1; seq <= 250; seq++) await store.insertRows([aRow('long', seq)])
    await store.writeHeads([aHead({ _id: 'long', seq: 250, state: ended })])
    const asked: number[] = []
    const readRows = (read: readonly string[]) => {
      asked.push(read.length)
      return store.readRows(read)
    }
    await round({ ...store, readRows })
    expect(asked).toEqual([100, 100, 51])
    expect((await store.archive.read(['long']))[0]?.rows).toHaveLength(250)
  })
})
