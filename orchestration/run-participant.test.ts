import { describe, expect, test } from '@jest/globals'
import { memoryBroker } from '#messaging'
import { desk } from './booking.fixtures.ts'
import { fails, gate, mortalProcess, silent } from './faults.fixtures.ts'
import { memoryStore } from './memory-store.ts'
import { runParticipant } from './run-participant.ts'
import { stage } from './stage.fixtures.ts'

describe('an orderly stop', () => {
  test('finishes what was handed over, publishes and commits it, and leaves the group', async () => {
    const { start, say, until, lag, heard, rows } = await stage({ partitions: 4 })
    const actor = await start()
    const store = gate()
    actor.before['write heads'] = store.fault
    const ids = Array.from({ length: 50 }, (_, i) => `b-${i}`)
    for (const id of ids) {
      await say('Book', id)
      await say('Noted', id, 1)
    }
    await until('all steps are taken', async () => {
      const journals = await Promise.all(ids.map(rows))
      return journals.every((journal) => journal.length === 2)
    })
    let stopped = false
    void actor.stop().then(() => {
      stopped = true
    })
    expect(await lag()).toBeGreaterThan(0n)
    actor.before.commit = fails(5)
    store.open()
    await until('it has stopped', () => stopped)
    expect(await lag()).toBe(0n)
    await until('all is heard', () => ids.every((id) => heard(id).join() === 'Booked 0,Echoed 1'))
  })

  test('runs no effect any more: its next owner does', async () => {
    const calls: string[] = []
    const part = desk({ run: async ({ idempotencyKey }) => ({ room: calls.push(idempotencyKey) }) })
    const { start, say, until, settled } = await stage()
    const actor = await start(part)
    const slow = gate()
    actor.before.insert = slow.fault
    await say('Book', 'b-1')
    await say('Arrived', 'b-1')
    await until('the first insert is under way', slow.reached)
    let stopped = false
    void actor.stop().then(() => {
      stopped = true
    })
    slow.open()
    await until('it has stopped', () => stopped)
    expect(calls).toEqual([])
    await start(part)
    await until('the next owner runs it', () => calls.length === 1)
    await settled('b-1')
  })

  test('lets go at its limit, and what it let go of is done by the next owner', async () => {
    const { start, say, clock, until, settled, heard } = await stage()
    const actor = await start()
    actor.before['write heads'] = fails(Number.POSITIVE_INFINITY)
    await say('Book', 'b-1')
    await until('the event is said', () => heard('b-1').length === 1)
    let stopped = false
    void actor.stop(30_000).then(() => {
      stopped = true
    })
    const before = clock.now()
    await until('it has stopped', () => stopped)
    expect(clock.now() - before).toBeGreaterThanOrEqual(30_000)
    await start()
    await settled('b-1')
  })
})

test('an event that waited in vain for its saga goes to the dead letters', async () => {
  const { start, say, clock, settled, until, deadLetters } = await stage()
  await start()
  await say('Noted', 'b-1', 5, 'early')
  await settled('b-1')
  clock.advance(600_000)
  await until('it is given up', () => deadLetters.length === 1)
  expect(deadLetters[0]).toMatchObject({
    key: 'b-1',
    headers: {
      ce_id: 'early',
      ce_type: 'Noted',
      dlt_code: 'CHORUS_NEVER_STARTED',
      dlt_topic: 'guest.events',
    },
  })
})

test('a saga of a version that this process has not waits, and goes on where the version is there', async () => {
  const { start, say, settled, quiet, rows, lag } = await stage()
  const old = await start(desk(undefined, '1'))
  await say('Book', 'b-1')
  await settled('b-1')
  await old.kill()
  const newer = await start(desk(undefined, '2'))
  await say('Noted', 'b-1', 1)
  await say('Book', 'b-2')
  await quiet()
  expect(await rows('b-1')).toHaveLength(1)
  expect((await rows('b-2'))[0]?.version).toBe('2')
  expect(await lag()).toBeGreaterThan(0n)
  await newer.kill()
  await start(desk(undefined, '1'))
  await settled('b-1')
  expect(await rows('b-1')).toHaveLength(2)
})

test('events that the machine never mentions are committed unread', async () => {
  const { start, send, settled, rows } = await stage()
  await start()
  await send({ topic: 'guest.events', key: 'b-1', value: Buffer.from('?'), headers: { ce_type: 'Sung' } })
  await settled()
  expect(await rows('b-1')).toEqual([])
})

test.each([
  ['its topics differ', '', 'the topics differ'],
  ['its dead letters have no topic', 'desk.dlt', '"desk" writes to topics that do not exist: desk.dlt'],
])('a participant that cannot join, because %s, leaves nothing running', async (_, missing, reason) => {
  const { clock, codec } = await stage()
  const other = await stage({ clock, partitions: 1 })
  const closed: string[] = []
  const admin = await memoryBroker().admin()
  const partitions = async (topics: readonly string[]) =>
    new Map(topics.filter((topic) => topic !== missing).map((topic) => [topic, 1]))
  const process = mortalProcess({
    store: memoryStore(),
    clock,
    broker: {
      producer: async () => ({ send: async () => {}, close: async () => void closed.push('producer') }),
      consume: () => Promise.reject(new Error('the topics differ')),
      admin: async () => ({ ...admin, partitions }),
    },
  })
  let failure: unknown
  void runParticipant(desk(), { ...process, codec, log: silent, onFatal: () => {} }).catch((error) => {
    failure = error
  })
  await other.until('it has given up', () => failure !== undefined)
  expect(String(failure)).toContain(reason)
  expect(closed).toEqual(['producer'])
  expect(clock.scheduled()).toBe(0)
})

test('many sagas, each with all that a saga can have, end as they should', async () => {
  const { start, say, settled, until, heard } = await stage({ partitions: 4 })
  await start()
  await start()
  const ids = Array.from({ length: 100 }, (_, i) => `b-${i}`)
  for (const id of ids) {
    for (const type of ['Thanked', 'Noted', 'Book', 'Arrived']) await say(type, id, 3)
  }
  await until('all are checked in', () => ids.every((id) => heard(id).includes('Echoed 3')))
  await until('all are thanked', () => ids.every((id) => heard(id).length === 4))
  await settled(...ids)
  for (const id of ids) expect(heard(id)).toEqual(['Booked 0', 'Echoed 3', 'CheckedIn 1', 'Echoed 3'])
})
