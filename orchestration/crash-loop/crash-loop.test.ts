import { describe, expect, test } from '@jest/globals'
import { RetryableError } from '#messaging'
import { desk } from '../booking.fixtures.ts'
import { gate, silent } from '../faults.fixtures.ts'
import { manualClock, turn } from '../manual-clock.fixtures.ts'
import { stage } from '../stage.fixtures.ts'
import { afterTwoDeaths, dyingAt, lives, type Prepare, reading, watchedStore } from './crash-loop.fixtures.ts'
import { crashLoopBreaker } from './crash-loop.ts'
import type { Marks } from './marks.ts'

describe('a record that kills whoever handles it', () => {
  test('goes to the dead letters after three have died at it alone; every other one is handled, once', async () => {
    const shop = await stage()
    const killer = dyingAt('b-2')
    for (const id of ['b-1', 'b-2', 'b-3', 'b-4']) await shop.say('Book', id, 0, id)
    await shop.say('Noted', 'b-3', 4)
    // The first two deaths look like accidents.
    expect(await lives(shop, killer)).toBe(6)
    expect(killer.deaths.count).toBe(5)
    await shop.settled('b-1', 'b-3', 'b-4')
    await shop.until('the letter is there', () => shop.deadLetters.length === 1)
    expect(shop.deadLetters[0]).toMatchObject({
      key: 'b-2',
      headers: { ce_id: 'b-2', dlt_code: 'CHORUS_CRASH_LOOP', dlt_offset: '1' },
    })
    expect(shop.deadLetters[0]?.headers.dlt_reason).toContain('3 processes have died')
    expect(shop.heard('b-1')).toEqual(['Booked 0'])
    expect(shop.heard('b-3')).toEqual(['Booked 0', 'Echoed 4'])
    expect((await shop.rows('b-3')).map(({ outcome }) => outcome)).toEqual(['applied', 'applied'])
  })

  test('is found among those of other partitions, which wait meanwhile and are not blamed', async () => {
    const shop = await stage({ partitions: 4 })
    const killer = dyingAt('b-2')
    const ids = Array.from({ length: 12 }, (_, i) => `b-${i}`)
    for (const id of ids) await shop.say('Book', id)
    await lives(shop, killer)
    await shop.settled(...ids.filter((id) => id !== 'b-2'))
    await shop.until('the letter is there', () => shop.deadLetters.length === 1)
    expect(shop.deadLetters.map(({ key }) => key)).toEqual(['b-2'])
    for (const id of ids.filter((other) => other !== 'b-2')) expect(shop.heard(id)).toEqual(['Booked 0'])
  })

  test('is found as well when new records keep coming', async () => {
    const shop = await stage({ partitions: 2 })
    const killer = dyingAt('b-2')
    await shop.say('Book', 'b-2')
    let count = 0
    const part = desk()
    for (let life = 1; shop.deadLetters.length === 0 && life < 10; life++) {
      const before = killer.deaths.count
      await shop.start(part, killer.prepare)
      let turns = 0
      await shop.until('it has died, or refused the record', async () => {
        if (turns++ % 20 === 0) await shop.say('Book', `c-${count++}`)
        return killer.deaths.count > before || shop.deadLetters.length > 0
      })
    }
    expect(shop.deadLetters.map(({ key }) => key)).toEqual(['b-2'])
    const others = Array.from({ length: count }, (_, i) => `c-${i}`)
    expect(count).toBeGreaterThan(20)
    await shop.settled(...others)
    for (const id of others) expect(shop.heard(id)).toEqual(['Booked 0'])
  })

  test('is not named beside another one: two killers are found one after the other', async () => {
    const shop = await stage({ partitions: 2 })
    const first = dyingAt('b-1')
    const second = dyingAt('b-2')
    const deaths = { count: 0 }
    const either: Prepare = (process, codec) => {
      const kill = () => {
        deaths.count++
        return process.kill()
      }
      const dying = { ...process, kill }
      return first.prepare(dying, second.prepare(dying, codec))
    }
    for (const id of ['b-0', 'b-1', 'b-2', 'b-3']) await shop.say('Book', id)
    await lives(shop, { read: [], prepare: either, deaths })
    await shop.until('both letters are there', () => shop.deadLetters.length === 2)
    expect(shop.deadLetters.map(({ key }) => key).sort()).toEqual(['b-1', 'b-2'])
    await shop.settled('b-0', 'b-3')
    expect([shop.heard('b-0'), shop.heard('b-3')]).toEqual([['Booked 0'], ['Booked 0']])
  })
})

describe('while it is looked for', () => {
  test('records run one at a time, each behind a stored mark that is cleared after it', async () => {
    const { store, written } = watchedStore()
    const shop = await stage({ store })
    for (let i = 0; i < 10; i++) await shop.say('Book', `b-${i}`)
    await afterTwoDeaths(shop)
    written.length = 0
    const slow = gate()
    const { read, prepare } = reading(() => undefined)
    await shop.start(desk(), (process, codec) => {
      process.before.insert = slow.fault
      return prepare(process, codec)
    })
    await shop.until('the first one is on its way', slow.reached)
    await shop.say('Book', 'late')
    await shop.quiet()
    expect(read).toEqual(['Book b-0'])
    const before = shop.clock.now()
    slow.open()
    await shop.until('all of them have run', () => read.length === 11)
    // None of them waits longer for the head of the one before than for its write.
    expect(shop.clock.now() - before).toBeLessThan(3_000)
    await shop.settled('b-9', 'late')
    const marked = written.flatMap(({ attempts }) => attempts.map(({ offset }) => offset))
    expect(marked).toEqual(Array.from({ length: 10 }, (_, i) => String(i)))
    expect((await store.marks.read([0]))[0]).toMatchObject({ attempts: [], stuckAt: {} })
  })

  test('one that only waits for something does not keep the others waiting, and nobody has died at it', async () => {
    const { store } = watchedStore()
    const shop = await stage({ store })
    for (const id of ['b-1', 'b-2']) await shop.say('Book', id)
    await afterTwoDeaths(shop)
    let away = true
    const { prepare } = reading(({ key }) =>
      away && key === 'b-1' ? Promise.reject(new RetryableError('the registry is away')) : undefined,
    )
    await shop.start(desk(), prepare)
    await shop.until('the other one is handled', () => shop.heard('b-2').length === 1)
    await shop.quiet()
    expect((await store.marks.read([0]))[0]).toMatchObject({ attempts: [] })
    away = false
    await shop.settled('b-1', 'b-2')
    expect(shop.deadLetters).toEqual([])
  })

  test('timers and effects of others wait too, and are not lost', async () => {
    const shop = await stage()
    const calls: string[] = []
    let answers = false
    const part = desk({
      run({ idempotencyKey }) {
        calls.push(idempotencyKey)
        return answers ? Promise.resolve({ room: 7 }) : new Promise(() => {})
      },
    })
    const first = await shop.start(part)
    await shop.say('Book', 'b-1')
    await shop.say('Arrived', 'b-1')
    await shop.settled('b-1')
    await shop.until('the effect runs', () => calls.length === 1)
    await first.kill()
    for (let i = 2; i < 6; i++) await shop.say('Book', `b-${i}`)
    await afterTwoDeaths(shop, part)
    const before = calls.length
    const slow = gate()
    await shop.start(part, (process) => {
      process.before.insert = slow.fault
      return undefined
    })
    await shop.until('a record is on its way', slow.reached)
    await shop.quiet()
    expect(calls).toHaveLength(before)
    answers = true
    slow.open()
    await shop.until('the effect runs again', () => calls.length > before)
    await shop.settled('b-1', 'b-5')
    expect(shop.heard('b-1')).toContain('CheckedIn 0')
  })

  test('a rebalance begins anew with what is uncommitted, and the search goes on', async () => {
    const { store, written } = watchedStore()
    const shop = await stage({ store, partitions: 2 })
    const ids = Array.from({ length: 8 }, (_, i) => `b-${i}`)
    for (const id of ids) await shop.say('Book', id)
    await afterTwoDeaths(shop)
    const slow = gate()
    await shop.start(desk(), (process) => {
      process.before.insert = slow.fault
      return undefined
    })
    await shop.until('a record is on its way', slow.reached)
    await shop.start()
    await shop.quiet()
    slow.open()
    await shop.settled(...ids)
    for (const id of ids) expect(shop.heard(id)).toEqual(['Booked 0'])
    expect(shop.deadLetters).toEqual([])
    const owners = written.flatMap(({ attempts }) => attempts.map((attempt) => attempt.owners.length))
    expect(Math.max(0, ...owners)).toBeLessThan(3)
  })

  test('an orderly stop in the middle is no death', async () => {
    const { store } = watchedStore()
    const shop = await stage({ store })
    for (const id of ['b-1', 'b-2']) await shop.say('Book', id)
    await afterTwoDeaths(shop)
    const slow = gate()
    const actor = await shop.start(desk(), (process) => {
      process.before.insert = slow.fault
      return undefined
    })
    await shop.until('the first one is on its way', slow.reached)
    let stopped = false
    void actor.stop(1_000).then(() => {
      stopped = true
    })
    await shop.until('it has stopped', () => stopped)
    expect((await store.marks.read([0]))[0]).toMatchObject({ attempts: [], released: true })
    await shop.start()
    await shop.settled('b-1', 'b-2')
  })
})

test('records that were taken before a rebalance and have not run are let go: they come again', async () => {
  const takeOver = Promise.withResolvers<undefined>()
  const marks: Marks = {
    settle: () => takeOver.promise,
    begin: async () => 0,
    end: async () => {},
    acquit: async () => {},
    giveBack: async () => {},
    stop() {},
  }
  const told: string[] = []
  const breaker = crashLoopBreaker({
    marks,
    clock: manualClock(),
    log: silent,
    run: () => void told.push('run'),
    focus: () => {},
    onOpen: () => {},
  })
  breaker.onAssigned([0])
  const record = { topic: 't', partition: 0, offset: 0n, key: 'k', value: null, headers: {}, timestamp: 0 }
  breaker.take(record, () => void told.push('let go'))
  expect(told).toEqual([])
  breaker.onAssigned([0])
  expect(told).toEqual(['let go'])
  breaker.take(record, () => void told.push('let go'))
  breaker.stop()
  takeOver.resolve(undefined)
  await turn()
  // A record that is let go at the end would be committed.
  expect(told).toEqual(['let go'])
})
