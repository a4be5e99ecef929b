import { describe, expect, test } from '@jest/globals'
import { PoisonError, RetryableError } from '#messaging'
import { desk, patience } from './booking.fixtures.ts'
import { durability } from './durability.ts'
import { atEvents, diesAfterInsertOf, fails, gate, silent } from './faults.fixtures.ts'
import { aRow } from './journal.fixtures.ts'
import { manualClock } from './manual-clock.fixtures.ts'
import { memoryStore } from './memory-store.ts'
import { stage } from './stage.fixtures.ts'

describe('rule 1, a step is one insert:', () => {
  test('nothing is said, no effect runs and no later step is taken until the insert is acknowledged', async () => {
    const ran: string[] = []
    const { start, say, until, quiet, said, rows, settled } = await stage()
    const actor = await start(desk({ run: async ({ sagaId }) => ({ room: ran.push(sagaId) }) }))
    const acknowledged = gate()
    await say('Book', 'b-1')
    await settled('b-1')
    actor.after.insert = acknowledged.fault
    await say('Arrived', 'b-1')
    await say('Noted', 'b-1', 2)
    await until('the insert waits for its answer', acknowledged.reached)
    await quiet()
    expect(said).toHaveLength(1)
    expect(ran).toEqual([])
    expect(await rows('b-1')).toHaveLength(2)
    actor.after.insert = () => {}
    acknowledged.open()
    await until('the effect ran and its answer is there', async () => (await rows('b-1')).length === 4)
    await settled('b-1')
  })

  test('a step that lost its place is decided again on what the winner has written', async () => {
    const one = await stage()
    const other = await stage(one)
    await one.start()
    await other.start()
    await one.say('Book', 'b-1')
    await one.settled('b-1')
    await other.say('Left', 'b-1')
    await other.until('the other one has won row 2', async () => (await other.rows('b-1')).length === 2)
    await one.say('Noted', 'b-1', 1)
    await one.until('the note is taken in', async () => (await one.rows('b-1')).length === 3)
    expect(await one.rows('b-1')).toMatchObject([{}, { state: { value: 'left' } }, { outcome: 'ignored' }])
    await one.quiet()
    expect(one.heard('b-1')).toEqual(['Booked 0'])
  })
})

describe('rule 2, publish in order, then move the head:', () => {
  test('a publication that fails is repeated in place, and no later row of the saga overtakes it', async () => {
    const { start, say, heard, settled } = await stage()
    const actor = await start()
    actor.before.send = fails(4)
    await say('Book', 'b-1')
    for (const n of [1, 2, 3]) await say('Noted', 'b-1', n)
    await settled('b-1')
    expect(heard('b-1')).toEqual(['Booked 0', 'Echoed 1', 'Echoed 2', 'Echoed 3'])
  })

  test('a publication whose answer was lost is said twice under one id, never once too few', async () => {
    const { start, say, said, heard, settled } = await stage()
    const actor = await start()
    actor.after.send = fails(1)
    await say('Book', 'b-1')
    await say('Noted', 'b-1', 1)
    await settled('b-1')
    expect(heard('b-1')).toEqual(['Booked 0', 'Echoed 1'])
    expect(said.filter(({ headers }) => headers.ce_id === said[0]?.headers.ce_id)).toHaveLength(2)
  })

  test('the head never passes a row that is not published', async () => {
    const { start, say, until, quiet, rows, head, lag, settled } = await stage()
    const actor = await start()
    const broker = gate()
    actor.before.send = broker.fault
    await say('Book', 'b-1')
    await say('Noted', 'b-1', 1)
    await until('both steps are taken', async () => (await rows('b-1')).length === 2)
    await quiet()
    expect(await head('b-1')).toBeUndefined()
    expect(await lag()).toBe(2n)
    broker.open()
    await settled('b-1')
  })

  test('a publication is never given up', async () => {
    const { start, say, heard, settled } = await stage()
    const actor = await start()
    actor.before.send = fails(14)
    await say('Book', 'b-1')
    await settled('b-1')
    expect(heard('b-1')).toEqual(['Booked 0'])
  })
})

describe('rule 3, whoever loads a saga publishes the rows beyond its head first:', () => {
  test('the owner dies between insert and publication of row 2, and the next one meets the cause of row 3 first', async () => {
    const { start, say, until, rows, heard, settled } = await stage()
    const first = await start()
    await say('Book', 'b-1')
    await settled('b-1')
    first.after.insert = diesAfterInsertOf(first, 2)
    await say('Noted', 'b-1', 2)
    await until('row 2 is stored', async () => (await rows('b-1')).length === 2)
    expect(heard('b-1')).toEqual(['Booked 0'])

    // Commands are fetched before the guests' events, so this one is met before the note comes again.
    await say('Hurry', 'b-1', 3)
    await start()
    await settled('b-1')
    expect((await rows('b-1')).map(({ cause }) => 'type' in cause && cause.type)).toEqual([
      'Book',
      'Noted',
      'Hurry',
    ])
    expect(heard('b-1')).toEqual(['Booked 0', 'Echoed 2', 'Echoed 3'])
  })

  test('however many rows there are beyond the head', async () => {
    const { start, say, until, rows, heard, settled } = await stage()
    const first = await start()
    first.before.send = atEvents(gate().fault)
    await say('Book', 'b-1')
    for (let n = 1; n <= 10; n++) await say('Noted', 'b-1', n)
    await until('all steps are taken', async () => (await rows('b-1')).length === 11)
    await first.kill()
    await start()
    await settled('b-1')
    expect(heard('b-1')).toEqual(['Booked 0', ...Array.from({ length: 10 }, (_, i) => `Echoed ${i + 1}`)])
  })

  test('a sweep that sees a head above the cached one loads the saga, or it would find nothing due for ever', async () => {
    const one = await stage()
    const other = await stage(one)
    await one.start()
    await one.say('Book', 'b-1')
    await one.settled('b-1')
    const zombie = await other.start()
    await other.say('Sat', 'b-1')
    await other.settled()
    await zombie.kill()
    one.clock.advance(patience)
    await one.until('the timer of the unseen row fires', () => one.heard('b-1').includes('Lapsed 0'))
  })
})

describe('rule 4, a cause stays until the head has passed it:', () => {
  test('an offset is committed only up to the first record that is not covered, not up to the highest', async () => {
    const { start, say, until, quiet, head, lag, settled } = await stage()
    const first = await start(desk(), (_, codec) => ({
      ...codec,
      async decode(record) {
        if (record.key === 'b-1') throw new RetryableError('the registry does not answer')
        return codec.decode(record)
      },
    }))
    await say('Book', 'b-1')
    await say('Book', 'b-2')
    await until('the second record is covered', async () => (await head('b-2'))?.seq === 1)
    await quiet()
    expect(await lag()).toBe(2n)
    await first.kill()
    await start()
    await settled('b-1', 'b-2')
  })

  test('a record is committed when its head is written, not when it is published', async () => {
    const { start, say, until, quiet, heard, lag, settled } = await stage()
    const actor = await start()
    const store = gate()
    actor.before['write heads'] = store.fault
    await say('Book', 'b-1')
    await until('the event is said', () => heard('b-1').length === 1)
    await quiet()
    expect(await lag()).toBe(1n)
    store.open()
    await settled('b-1')
  })

  test('a duplicate waits, like the original, for the head to pass the row that it was found in', async () => {
    const { start, say, until, quiet, rows, heard, lag, settled } = await stage()
    const first = await start()
    first.after.insert = diesAfterInsertOf(first, 1)
    await say('Book', 'b-1')
    const silenced = gate()
    await until('the row is stored', async () => (await rows('b-1')).length === 1)
    const second = await start(desk(), (process) => {
      process.before.send = atEvents(silenced.fault)
      return undefined
    })
    await until('the second owner found the row', silenced.reached)
    await quiet()
    expect(await lag()).toBe(1n)
    await second.kill()
    expect(heard('b-1')).toEqual([])
    await start()
    await settled('b-1')
    expect(heard('b-1')).toEqual(['Booked 0'])
  })

  test('a timer is due until the head has moved on: its row is published though no record tells of it', async () => {
    const { start, say, clock, until, rows, heard, settled } = await stage()
    const first = await start()
    await say('Book', 'b-1')
    await say('Sat', 'b-1')
    await settled('b-1')
    first.after.insert = diesAfterInsertOf(first, 3)
    clock.advance(patience)
    await until('the timer has fired', async () => (await rows('b-1')).length === 3)
    await start()
    await until('its event is said', () => heard('b-1').includes('Lapsed 0'))
    await settled('b-1')
    expect(await rows('b-1')).toHaveLength(3)
  })

  test('an effect is due until the head has moved on: the row of its answer is published, and it is not run again', async () => {
    let runs = 0
    const part = desk({ run: async () => ({ room: ++runs }) })
    const { start, say, until, rows, heard, settled } = await stage()
    const first = await start(part)
    first.after.insert = diesAfterInsertOf(first, 3)
    await say('Book', 'b-1')
    await say('Arrived', 'b-1')
    await until('the answer is stored', async () => (await rows('b-1')).length === 3)
    await start(part)
    await until('the answer is said', () => heard('b-1').includes('CheckedIn 0'))
    await settled('b-1')
    expect(runs).toBe(1)
  })

  test('a commit that fails is repeated, though nothing more arrives', async () => {
    const { start, say, settled } = await stage()
    const actor = await start()
    actor.before.commit = fails(3)
    await say('Book', 'b-1')
    await settled('b-1')
  })
})

test('a row that can no longer be published holds up its own saga only', async () => {
  const store = memoryStore()
  await store.insertRows([aRow('stuck', 1), aRow('free', 1), aRow('free', 2)])
  const sent: string[] = []
  const { load, idle } = durability({
    store,
    producer: {
      send: async (messages) => void sent.push(...messages.map(({ key }) => key)),
      close: async () => {},
    },
    headsMayWait: () => true,
    messagesOf(row) {
      if (row.sagaId === 'stuck') throw new PoisonError('the schema allows it no more')
      return [{ topic: 't', key: row._id, value: null, headers: {} }]
    },
    onCovered: () => {},
    clock: manualClock(),
    log: silent,
  })
  const [stuck, free] = await Promise.allSettled([load('stuck'), load('free')])
  expect(stuck).toMatchObject({ status: 'rejected', reason: { code: 'CHORUS_RETRYABLE' } })
  expect(free).toMatchObject({ status: 'fulfilled', value: { head: { seq: 2 }, covered: 0 } })
  await idle()
  expect(sent).toEqual(['free:1', 'free:2'])
})
