import { describe, expect, test } from '@jest/globals'
import { gate } from '../faults.fixtures.ts'
import { manualClock, quiet } from '../manual-clock.fixtures.ts'
import { type Stage, stage } from '../stage.fixtures.ts'
import type { ArchivedSaga } from './archive.ts'

const day = 24 * 60 * 60 * 1000
/** A topic that says nothing keeps a record for a week, and for another one until its segment is full. */
const stay = 14 * day
const bound = stay + day

/** A desk, and a way to let days go by in which its housekeeping does its work. */
async function runningDesk(): Promise<Stage & { pass(ms: number): Promise<void>; archived: Archived }> {
  const world = await stage({ clock: manualClock(100 * day) })
  await world.start()
  const archived = async (sagaId: string) => (await world.store.archive.read([sagaId]))[0]
  /** And two looks of the housekeeping: the first one only notes how far the topics are written. */
  async function pass(ms: number): Promise<void> {
    for (const step of [ms, 600_000]) {
      world.clock.advance(step)
      await quiet(world.clock, 20)
    }
  }
  return { ...world, pass, archived }
}

type Archived = (sagaId: string) => Promise<ArchivedSaga | undefined>

/** A booking from its beginning to its end. */
async function whole({ say, settled }: Stage, sagaId: string): Promise<void> {
  await say('Book', sagaId, 0, `start of ${sagaId}`)
  await say('Noted', sagaId, 1)
  await say('Left', sagaId)
  await settled(sagaId)
}

describe('a finished saga', () => {
  test('leaves the journal for the archive when none of its records can be read any more, and not before', async () => {
    const desk = await runningDesk()
    await whole(desk, 'b-1')
    const [rows, head] = [await desk.rows('b-1'), await desk.head('b-1')]
    await desk.pass(bound - day / 2)
    expect(await desk.archived('b-1')).toBeUndefined()
    expect(await desk.rows('b-1')).toHaveLength(3)
    await desk.pass(day)
    expect(await desk.archived('b-1')).toEqual({ head, rows })
    expect(await desk.rows('b-1')).toEqual([])
    expect(await desk.head('b-1')).toBeUndefined()
  })

  test('goes when nobody ever began it, with the letter that was sent about it', async () => {
    const desk = await runningDesk()
    await desk.say('Left', 'b-1')
    await desk.settled('b-1')
    await desk.pass(700_000)
    expect(desk.deadLetters).toHaveLength(1)
    await desk.pass(2 * bound)
    expect(await desk.head('b-1')).toBeUndefined()
    expect((await desk.archived('b-1'))?.rows).toHaveLength(2)
  })

  test('stays for as long as copies of its records come, each of which could begin it again', async () => {
    const desk = await runningDesk()
    await whole(desk, 'b-1')
    await desk.pass(10 * day)
    await desk.say('Book', 'b-1', 0, 'start of b-1')
    await desk.settled('b-1')
    await desk.pass(10 * day)
    await desk.say('Book', 'b-1', 0, 'start of b-1')
    await desk.settled('b-1')
    expect(await desk.rows('b-1')).toHaveLength(3)
    await desk.pass(bound - day)
    expect(await desk.rows('b-1')).toHaveLength(3)
    await desk.pass(2 * day)
    expect(await desk.head('b-1')).toBeUndefined()
    expect((await desk.archived('b-1'))?.rows).toHaveLength(3)
  })

  test('stays while records lie in the topics that nobody has read: any of them may be a copy of its own', async () => {
    const world = await stage({ clock: manualClock(100 * day) })
    const first = await world.start()
    await whole(world, 'b-1')
    world.clock.advance(bound - day)
    await world.quiet()
    await first.kill()
    await world.say('Book', 'b-1', 0, 'start of b-1')
    world.clock.advance(5 * day)
    const second = await world.start()
    const blocked = gate()
    second.before.insert = blocked.fault
    for (let looks = 0; looks < 5; looks++) {
      world.clock.advance(600_000)
      await world.quiet()
    }
    expect(await world.rows('b-1')).toHaveLength(3)
    blocked.open()
    await world.settled('b-1')
  })

  test('that is spoken of after it went is a saga that is not known, not one that goes on', async () => {
    const desk = await runningDesk()
    await whole(desk, 'b-1')
    await desk.pass(bound + day)
    expect(await desk.head('b-1')).toBeUndefined()
    await desk.say('Noted', 'b-1', 2, 'late')
    await desk.until('it is deferred', async () => (await desk.rows('b-1')).length === 1)
    expect(await desk.rows('b-1')).toMatchObject([{ seq: 1, outcome: 'deferred', state: null }])
  })

  test('begins again when its first record comes back from elsewhere after the topics have let it go: a limit', async () => {
    const desk = await runningDesk()
    await whole(desk, 'b-1')
    await desk.pass(bound + day)
    await desk.say('Book', 'b-1', 0, 'start of b-1')
    await desk.until('it has begun again', async () => (await desk.head('b-1')) !== undefined)
    expect(await desk.head('b-1')).toMatchObject({ state: { value: 'booked' } })
  })
})

test('a saga that owes something stays, however old it is', async () => {
  const desk = await runningDesk()
  await desk.say('Book', 'open')
  await desk.say('Book', 'held')
  await desk.say('Left', 'held')
  await desk.operate('pause', 'held')
  await desk.settled('open', 'held')
  await whole(desk, 'over')
  await desk.pass(bound + day)
  await desk.pass(10 * bound)
  expect(await desk.head('over')).toBeUndefined()
  expect(await desk.head('open')).toMatchObject({ state: { value: 'booked' } })
  expect(await desk.head('held')).toMatchObject({ state: { status: 'done' } })
})

test('everything that can be read from the topics may be read again at any time, and changes nothing', async () => {
  const desk = await runningDesk()
  const ids = Array.from({ length: 24 }, (_, i) => `b-${i}`)
  const purged = async () => {
    const heads = await desk.store.readHeads(ids)
    return ids.filter((id) => !heads.some(({ _id }) => _id === id))
  }
  // One booking a day, so that the oldest ones go while the youngest are still spoken of.
  for (const id of ids) {
    await whole(desk, id)
    await desk.pass(day)
  }
  const gone = await purged()
  expect(gone).toEqual(ids.slice(0, gone.length))
  expect(gone.length).toBeGreaterThanOrEqual(ids.length - bound / day - 1)
  const readable = ids.slice(-(stay / day))
  expect(readable.filter((id) => gone.includes(id))).toEqual([])

  const before = await Promise.all(ids.map((id) => desk.rows(id)))
  const said = desk.said.length
  for (const id of readable) await desk.say('Book', id, 0, `start of ${id}`)
  await desk.settled(...readable)
  expect(await Promise.all(ids.map((id) => desk.rows(id)))).toEqual(before)
  expect(desk.said).toHaveLength(said)
})
