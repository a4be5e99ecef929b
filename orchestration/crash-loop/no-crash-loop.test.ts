import { describe, expect, test } from '@jest/globals'
import { desk } from '../booking.fixtures.ts'
import { gate, type MortalProcess } from '../faults.fixtures.ts'
import { stage } from '../stage.fixtures.ts'
import { watchedStore } from './crash-loop.fixtures.ts'

describe('records run as ever', () => {
  test('after one death: its successor handles all records as ever', async () => {
    const { store, written } = watchedStore()
    const shop = await stage({ store })
    const ids = Array.from({ length: 20 }, (_, i) => `b-${i}`)
    for (const id of ids) await shop.say('Book', id)
    const victim = await shop.start(desk(), (process) => {
      process.after.insert = () => process.kill()
      return undefined
    })
    await shop.until('it has died', async () => (await shop.rows('b-0')).length === 1)
    await victim.kill()
    const before = shop.clock.now()
    await shop.start()
    await shop.until('all are booked', async () => {
      const booked = await Promise.all(ids.map((id) => shop.rows(id)))
      return booked.every(({ length }) => length === 1)
    })
    // No waiting for anybody to give something back.
    expect(shop.clock.now() - before).toBeLessThan(1_000)
    await shop.settled(...ids)
    expect(written.flatMap(({ attempts }) => attempts)).toEqual([])
  })

  test('however often owners die, as long as records get on', async () => {
    const { store, written } = watchedStore()
    const shop = await stage({ store })
    for (let life = 0; life < 6; life++) {
      for (let i = 0; i < 3; i++) await shop.say('Book', `b-${life}-${i}`)
      const actor = await shop.start()
      await shop.until('one more is committed', async () => (await shop.lag()) === 0n)
      await shop.say('Book', `c-${life}`)
      await actor.kill()
    }
    await shop.start()
    await shop.settled()
    expect(written.flatMap(({ attempts }) => attempts)).toEqual([])
  })

  test('however often living owners hand their partitions to each other while records wait', async () => {
    const { store, written } = watchedStore()
    const shop = await stage({ store, partitions: 4 })
    const ids = Array.from({ length: 12 }, (_, i) => `b-${i}`)
    for (const id of ids) await shop.say('Book', id)
    const away = gate()
    const stuck = (process: MortalProcess) => {
      process.before.insert = away.fault
      return undefined
    }
    await shop.start(desk(), stuck)
    for (let turn = 0; turn < 5; turn++) {
      const passing = await shop.start(desk(), stuck)
      await shop.quiet()
      let stopped = false
      void passing.stop(100).then(() => {
        stopped = true
      })
      await shop.until('it has stopped', () => stopped)
      await shop.quiet()
    }
    expect(written.flatMap(({ attempts }) => attempts)).toEqual([])
    away.open()
    await shop.settled(...ids)
    expect(written.flatMap(({ attempts }) => attempts)).toEqual([])
  })

  test('in ordinary life: a mark is written when a partition comes and when it goes, and no more', async () => {
    const { store, written } = watchedStore()
    const shop = await stage({ store, partitions: 2 })
    const actor = await shop.start()
    for (let i = 0; i < 100; i++) await shop.say('Book', `b-${i}`)
    await shop.settled('b-99')
    let stopped = false
    void actor.stop().then(() => {
      stopped = true
    })
    await shop.until('it has stopped', () => stopped)
    expect(written.map(({ _id, released }) => `${_id} ${released}`)).toEqual([
      '0 false',
      '1 false',
      '0 true',
      '1 true',
    ])
  })

  test('when a second death comes long after the first: an owner that lives for a minute is in no loop', async () => {
    const { store, written } = watchedStore()
    const shop = await stage({ store })
    const stuck = gate()
    for (let life = 0; life < 3; life++) {
      if (life === 0) await shop.say('Book', 'b-1')
      const actor = await shop.start(desk(), (process) => {
        process.before.insert = stuck.fault
        return undefined
      })
      await shop.quiet()
      shop.clock.advance(61_000)
      await shop.quiet()
      await actor.kill()
    }
    await shop.start()
    await shop.settled('b-1')
    expect(written.flatMap(({ attempts }) => attempts)).toEqual([])
  })
})
