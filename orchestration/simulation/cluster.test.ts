import { describe, expect, test } from '@jest/globals'
import { createCodec, memoryRegistry } from '#messaging'
import { type CheckIn, contracts, desk } from '../booking.fixtures.ts'
import type { JournalRow } from '../journal.ts'
import { startCluster } from './cluster.ts'
import { edgeCount } from './edge-count.ts'
import { openWorld, type World } from './world.ts'

const codec = await createCodec({ contracts, registry: memoryRegistry(contracts) })
const topics = [
  'desk.commands',
  'guest.events',
  'desk.control',
  'desk.events',
  'saga.steps',
  'saga.definitions',
]
const partitions = 2
const bookings = 12
const notes = 5
const second = 1_000
const part = desk()

type Stay = {
  readonly hash: string
  readonly faults: number
  readonly crashes: number
  readonly stories: readonly (readonly JournalRow[])[]
  readonly unread: bigint
}

/** Guests book, speak, arrive and leave, while everything fails; then it is calm, and everything has its time. */
async function stay(seed: number, { isCalm = false, desk: staffed = part } = {}): Promise<Stay> {
  const specs = [...topics.map((name) => ({ name, partitions })), { name: 'desk.dlt', partitions: 1 }]
  const world = await openWorld({ seed, topics: specs })
  const cluster = startCluster(world, {
    codec,
    participants: {
      desk: (process) => {
        const checkIn: CheckIn = { run: () => process.call('checks in', { work: async () => ({ room: 7 }) }) }
        return { ...staffed, effects: desk(checkIn).effects }
      },
    },
  })
  if (isCalm) cluster.calm()
  guests(world)
  await world.scheduler.run(() => false, 20 * second)
  cluster.calm()
  await world.scheduler.run(() => false, 60 * second)
  const struck = world.faults.struck()
  const admin = await world.broker.admin()
  const { partitions: read } = await admin.lag('desk', part.topics)
  const store = world.storeOf('desk')
  return {
    hash: world.scheduler.traceHash(),
    faults: Object.values(struck).reduce((sum, times) => sum + times, 0),
    crashes: struck.crash,
    stories: await Promise.all(Array.from({ length: bookings }, (_, n) => store.history(`booking-${n}`))),
    unread: read.reduce((sum, { lag }) => sum + lag, 0n),
  }
}

function guests({ broker, scheduler, random }: World): void {
  async function say(type: string, sagaId: string, n: number): Promise<void> {
    const producer = await broker.producer()
    const envelope = { id: `${type} ${sagaId} ${n}`, type, source: 'guest', sagaId, time: scheduler.now() }
    await producer.send([codec.encode({ ...envelope, trace: {}, data: { bookingId: sagaId, n } })])
  }
  for (let i = 0; i < bookings; i++) {
    const sagaId = `booking-${i}`
    const said = ['Book', ...Array.from({ length: notes }, () => 'Noted'), 'Arrived', 'Left']
    const from = random.between(0, 5 * second)
    for (const [n, type] of said.entries())
      scheduler.after(from + n * second, 'a guest speaks', () => void say(type, sagaId, n))
  }
}

const seeds = Array.from({ length: 16 }, (_, index) => index + 1)

describe('a participant on a world where everything fails', () => {
  test.each(seeds)('takes every booking to its end, each word once (seed %i)', async (seed) => {
    const { stories, unread } = await stay(seed)
    expect(unread).toBe(0n)
    for (const rows of stories) {
      expect(rows.at(-1)?.state?.value).toBe('left')
      const heard = rows.flatMap(({ cause }) => (cause.kind === 'event' ? [cause.id] : []))
      expect(heard).toHaveLength(notes + 3)
      expect(new Set(heard).size).toBe(notes + 3)
    }
  })

  test('has met many faults by then, deaths among them', async () => {
    const stays = await Promise.all(seeds.map((seed) => stay(seed)))
    expect(stays.reduce((sum, { faults }) => sum + faults, 0)).toBeGreaterThan(50)
    expect(stays.reduce((sum, { crashes }) => sum + crashes, 0)).toBeGreaterThan(2)
  })

  test('goes the same way for the same seed', async () => {
    const hashes = await Promise.all([stay(3), stay(3), stay(4)].map(async (one) => (await one).hash))
    expect(hashes[0]).toBe(hashes[1])
    expect(hashes[0]).not.toBe(hashes[2])
  })
})

test('the transitions that were taken are counted, and those that were not are named', async () => {
  const count = edgeCount(part)
  await stay(1, { isCalm: true, desk: count.part })
  const counts = count.counts()
  expect(counts['desk.new · Book → booked']).toBe(bookings)
  expect(counts['desk.booked · Noted → stays']).toBe(bookings * notes)
  expect(counts['desk.booked · Arrived → checkingIn']).toBe(bookings)
  expect(counts['desk.waiting · Noted → stays']).toBe(0)
})
