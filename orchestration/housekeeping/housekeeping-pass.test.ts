import { expect, test } from '@jest/globals'
import type { Admin } from '#messaging'
import type { Logger } from '#observability'
import { silent } from '../faults.fixtures.ts'
import { aHead } from '../journal.fixtures.ts'
import type { Head } from '../journal.ts'
import { lanes } from '../lanes.ts'
import { manualClock, quiet } from '../manual-clock.fixtures.ts'
import { memoryStore } from '../memory-store.ts'
import type { Archive } from './archive.ts'
import { type HousekeepingWishes, housekeeping } from './housekeeping.ts'

const day = 24 * 60 * 60 * 1000
const now = 100 * day
const ended = { value: 'delivered', context: {}, status: 'done' } as const

/** The housekeeping of a desk whose topics keep a record for a day and its dead letters for ten, over these heads, past its first look. */
async function kept(
  heads: readonly Head[],
  {
    retention = { 'desk.events': day, 'desk.dlt': 10 * day },
    owned = [0, 1],
    unread = [],
    afterLook = async () => {},
    ...wishes
  }: HousekeepingWishes & {
    retention?: Record<string, number>
    owned?: readonly number[]
    unread?: readonly number[]
    afterLook?: (archive: Archive) => Promise<void>
  } = {},
) {
  const clock = manualClock(now)
  const store = memoryStore()
  await store.writeHeads(heads)
  const lines: string[] = []
  const log: Logger = { ...silent, info: (line) => lines.push(line), warn: (line) => lines.push(line) }
  const at = (partition: number) => ({ partition, end: 5n, lag: unread.includes(partition) ? 2n : 0n })
  const admin = {
    retention: async () => new Map(Object.entries(retention)),
    lag: async () => ({
      partitions: [0, 1].map((partition) => ({ topic: 'desk.events', ...at(partition) })),
    }),
    close: async () => {},
  } as unknown as Admin
  const job = housekeeping({
    ...wishes,
    part: { name: 'desk', topics: ['desk.events'] },
    broker: { admin: async () => admin },
    store: {
      ...store,
      archive: {
        ...store.archive,
        async finished(query) {
          const found = await store.archive.finished(query)
          if (found.length > 0) await afterLook(store.archive)
          return found
        },
      },
    },
    lanes: lanes({ clock, log: silent }),
    owned: () => owned,
    clock,
    log,
  })
  async function look(): Promise<void> {
    clock.advance(600_000)
    await quiet(clock)
  }
  await look()
  return {
    clock,
    store,
    lines,
    job,
    look,
    left: async () => (await store.listHeads({ limit: 2_000 })).length,
  }
}

const agedOf = (days: number, fields: Partial<Head> = {}) =>
  aHead({ state: ended, at: now - days * day, ...fields })

test('many sagas go a few at a time, and one line says how many went', async () => {
  const { clock, left, lines } = await kept(Array.from({ length: 950 }, () => agedOf(3)))
  clock.advance(600_000)
  const steps: number[] = []
  for (let i = 0; i < 20; i++) {
    await quiet(clock, 10)
    steps.push(await left())
  }
  expect(steps.slice(0, 10)).toEqual([850, 750, 650, 550, 450, 350, 250, 150, 50, 0])
  expect(lines).toEqual(['housekeeping is done for now'])
})

test('a saga that has sent something to the dead letters stays as long as that can be brought back', async () => {
  const letters = { givenUp: ['e-1'] }
  const sagas = [agedOf(3, { _id: 'without' }), agedOf(3, { _id: 'young', ...letters }), agedOf(12, letters)]
  const { look, store } = await kept(sagas)
  await look()
  expect((await store.listHeads({ limit: 10 })).map(({ _id }) => _id)).toEqual(['young'])
})

test('a wish lengthens the time that a saga stays, and a shorter one is refused, which is said once', async () => {
  const longer = await kept([agedOf(29), agedOf(31)], { archiveAfter: 30 * day })
  await longer.look()
  expect(await longer.left()).toBe(1)
  expect(longer.lines).toEqual(['housekeeping is done for now'])
  const shorter = await kept([agedOf(1.5), agedOf(2.5)], { archiveAfter: 1_000 })
  await shorter.look()
  await shorter.look()
  expect(await shorter.left()).toBe(1)
  expect(shorter.lines.filter((line) => line.includes('1000 ms is refused'))).toHaveLength(1)
})

test('nothing goes while a topic keeps its records for ever, which is said once', async () => {
  const retention = { 'desk.events': Number.POSITIVE_INFINITY, 'desk.dlt': day }
  const { look, left, lines } = await kept([agedOf(90)], { retention })
  await look()
  await look()
  expect(await left()).toBe(1)
  expect(lines).toEqual([expect.stringContaining('desk.events keeps records for ever')])
})

test('a process moves only what lies in its partitions', async () => {
  const { look, store } = await kept(
    [agedOf(3, { partition: 0 }), agedOf(3, { _id: 'other', partition: 1 })],
    {
      owned: [0],
    },
  )
  await look()
  expect((await store.listHeads({ limit: 10 })).map(({ _id }) => _id)).toEqual(['other'])
})

test('a saga stays while its partition is not read to where it ended at the look before', async () => {
  const { look, store } = await kept([agedOf(3, { _id: 'unread', partition: 1 }), agedOf(3)], { unread: [1] })
  await look()
  await look()
  expect((await store.listHeads({ limit: 10 })).map(({ _id }) => _id)).toEqual(['unread'])
})

test('a saga that is spoken of while it is looked at stays', async () => {
  const afterLook = (archive: Archive) => archive.spokenOf(['known again'], now)
  const { look, store } = await kept([agedOf(3, { _id: 'known again' }), agedOf(3)], { afterLook })
  await look()
  expect((await store.listHeads({ limit: 10 })).map(({ _id }) => _id)).toEqual(['known again'])
})

test('what the archive and the service keep is let go of by the owner of the first partition alone', async () => {
  for (const owned of [[1], [0]]) {
    const asked: number[] = []
    const purge = async (before: number, limit: number) => {
      asked.push(before)
      return asked.length < 3 ? limit : 7
    }
    const { look, store, clock } = await kept([agedOf(3, { _id: 'a', partition: owned[0] ?? 0 })], {
      owned,
      purge,
      keepArchived: day,
    })
    asked.length = 0
    await look()
    expect(await store.archive.read(['a'])).toHaveLength(1)
    clock.advance(day)
    await look()
    expect(await store.archive.read(['a'])).toHaveLength(owned.includes(0) ? 0 : 1)
    expect(asked.length > 0).toBe(owned.includes(0))
    for (const before of asked) expect(before).toBeLessThan(clock.now() - 2 * day)
  }
})

test('a stopped housekeeping does nothing more', async () => {
  const { job, look, left, clock } = await kept([agedOf(3)])
  await job.stop()
  await look()
  expect(await left()).toBe(1)
  expect(clock.scheduled()).toBe(0)
})
