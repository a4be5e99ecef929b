import { describe, expect, test } from '@jest/globals'
import { type AnyEventObject, assign, emit } from 'xstate'
import { letterId } from '#messaging'
import { deskOf, patience } from './booking.fixtures.ts'
import { gate } from './faults.fixtures.ts'
import { stage } from './stage.fixtures.ts'

const throwing = assign(() => {
  throw new Error('no such room')
})

describe('poison', () => {
  test('goes to the dead letters with its bytes, its headers, its place and the reason; the partition moves on', async () => {
    const { start, say, send, settled, lag, deadLetters } = await stage()
    await start()
    const value = Buffer.from([0, 0, 0, 0, 99, 1, 2, 3])
    const headers = { ce_specversion: '1.0', ce_id: 'x', ce_type: 'Book', ce_source: 's', 'my-own': 'header' }
    await send({ topic: 'desk.commands', key: 'b-1', value, headers })
    await say('Book', 'b-2')
    await settled('b-1', 'b-2')
    expect(await lag()).toBe(0n)
    expect(deadLetters).toMatchObject([
      {
        key: 'b-1',
        value,
        headers: {
          ...headers,
          dlt_id: letterId('desk', { topic: 'desk.commands', partition: 0, offset: 0n }),
          dlt_row: 'b-1:1',
          dlt_group: 'desk',
          dlt_code: 'CHORUS_UNKNOWN_SCHEMA',
          dlt_topic: 'desk.commands',
          dlt_partition: '0',
          dlt_offset: '0',
        },
      },
    ])
  })

  test('holds its saga, and no other, until an operator redrives it: what came later is taken in after it', async () => {
    let broken = true
    const fragile = assign(() => {
      if (broken) throw new Error('no such room')
      return {}
    })
    const part = deskOf({
      initial: 'a',
      states: { a: { on: { Book: 'b' } }, b: { on: { Noted: { actions: fragile }, Sat: 'c' } }, c: {} },
    })
    const { start, say, operate, settled, until, rows, head } = await stage()
    await start(part)
    for (const type of ['Book', 'Noted', 'Sat']) await say(type, 'b-1')
    for (const type of ['Book', 'Sat']) await say(type, 'b-2')
    await settled('b-1', 'b-2')
    expect((await head('b-1'))?.state?.value).toBe('b')
    expect((await head('b-2'))?.state?.value).toBe('c')
    broken = false
    const row = (await head('b-1'))?.held?.[0]?.row ?? ''
    await operate('redrive', 'b-1', row, 'twice')
    await operate('redrive', 'b-1', row, 'twice')
    await settled('b-1')
    await until('it goes on', async () => (await head('b-1'))?.state?.value === 'c')
    expect((await rows('b-1')).at(-1)).toMatchObject({
      consumed: ['twice', 'Noted-2', 'Sat-3'],
      released: [row],
    })
    expect((await head('b-1'))?.held).toBeUndefined()
  })

  test('holds its saga until an operator discards it', async () => {
    const { start, say, send, operate, settled, head } = await stage()
    await start()
    await say('Book', 'b-1')
    await send({ topic: 'guest.events', key: 'b-1', value: Buffer.from('not avro') })
    await say('Sat', 'b-1')
    await settled('b-1')
    expect((await head('b-1'))?.state?.value).toBe('booked')
    await operate('discard', 'b-1', 'b-1:2')
    await settled('b-1')
    expect(await head('b-1')).toMatchObject({ state: { value: 'waiting' }, deferred: [] })
  })

  test('among the commands holds nothing up', async () => {
    const { start, say, operate, settled, until, rows, deadLetters } = await stage()
    await start()
    await say('Book', 'b-1')
    await operate('explode' as never, 'b-1')
    await say('Sat', 'b-1')
    await settled('b-1')
    expect(await rows('b-1')).toHaveLength(2)
    await until('the letter is there', () => deadLetters.length === 1)
    expect(deadLetters[0]?.headers).toMatchObject({ dlt_code: 'CHORUS_UNKNOWN_COMMAND' })
  })

  test('for a saga that nobody here knows a command is let go', async () => {
    const { start, operate, settled, rows } = await stage()
    await start()
    await operate('pause', 'b-9')
    await settled('b-9')
    expect(await rows('b-9')).toEqual([])
  })

  test('that comes again after a restart is known: there is one row, and one letter', async () => {
    const { start, say, send, settled, until, rows, deadLetters } = await stage()
    const first = await start()
    first.before.commit = async () => (await rows('b-1')).length === 2 && first.kill()
    await say('Book', 'b-1')
    await send({ topic: 'guest.events', key: 'b-1', value: Buffer.from('not avro') })
    await until('the row is stored', async () => (await rows('b-1')).length === 2)
    await start()
    await settled('b-1')
    expect(await rows('b-1')).toHaveLength(2)
    expect(new Set(deadLetters.map(({ headers }) => headers.dlt_id)).size).toBe(1)
  })

  test('is committed only when its dead letter is stored', async () => {
    const { start, send, until, quiet, lag, deadLetters, settled } = await stage()
    const actor = await start()
    const broker = gate()
    actor.before.send = broker.fault
    await send({ topic: 'desk.commands', key: 'b-1', value: Buffer.from('not avro') })
    await until('the dead letter is under way', broker.reached)
    await quiet()
    expect(await lag()).toBe(1n)
    broker.open()
    await settled()
    await until('the letter is there', () => deadLetters.length === 1)
  })

  test('without a key goes there as well', async () => {
    const { start, send, settled, until, deadLetters } = await stage()
    await start()
    await send({ topic: 'desk.commands', key: '', value: Buffer.from('?') })
    await settled()
    await until('the letter is there', () => deadLetters.length === 1)
  })

  test('is an event that the machine throws on, and nothing of it stays', async () => {
    const part = deskOf({
      initial: 'a',
      states: { a: { on: { Book: 'b' } }, b: { on: { Noted: { actions: throwing }, Sat: {} } } },
    })
    const { start, say, settled, until, rows, deadLetters } = await stage()
    await start(part)
    for (const type of ['Book', 'Noted', 'Sat']) await say(type, 'b-1')
    await settled('b-1')
    expect((await rows('b-1')).map(({ outcome }) => outcome)).toEqual(['applied', 'held', 'deferred'])
    await until('the letter is there', () => deadLetters.length === 1)
    expect(deadLetters[0]?.headers).toMatchObject({ dlt_code: 'CHORUS_MACHINE_THREW', ce_type: 'Noted' })
  })

  test('is an event whose answer the schema refuses: nothing of it is inserted', async () => {
    const part = deskOf({ on: { Book: { actions: emit({ type: 'Booked', bookingId: 7 }) } } })
    const { start, say, settled, until, rows, deadLetters } = await stage()
    await start(part)
    await say('Book', 'b-1')
    await settled('b-1')
    expect(await rows('b-1')).toMatchObject([{ outcome: 'held', emitted: [], state: null }])
    await until('the letter is there', () => deadLetters.length === 1)
    expect(deadLetters[0]?.headers).toMatchObject({ dlt_code: 'CHORUS_SCHEMA_MISMATCH' })
  })

  test('that was deferred holds the saga when its door opens: what opened it is taken in, what waited behind it is not', async () => {
    const told = emit(({ event: { n } }: { event: AnyEventObject }) => ({
      type: 'Echoed',
      bookingId: n === 1 ? null : 'b-1',
      n,
    }))
    const part = deskOf({
      initial: 'a',
      states: { a: { on: { Book: 'b' } }, b: { on: { Noted: { actions: told } } } },
    })
    const { start, say, settled, until, rows, heard, deadLetters } = await stage()
    await start(part)
    await say('Noted', 'b-1', 1, 'refused')
    await say('Noted', 'b-1', 2, 'accepted')
    await settled('b-1')
    await say('Book', 'b-1', 0, 'start')
    await settled('b-1')
    expect((await rows('b-1')).at(-1)?.consumed).toEqual(['start'])
    expect(heard('b-1')).toEqual([])
    await until('the letter is there', () => deadLetters.length === 1)
    expect(deadLetters[0]?.headers).toMatchObject({ ce_id: 'refused', dlt_topic: 'guest.events' })
  })

  test('is an event whose step would be too large to be told: nothing of it is inserted, other sagas go on', async () => {
    const huge = assign({ text: () => 'x'.repeat(5_000_000) })
    const part = deskOf({ context: { text: '' }, on: { Book: {}, Noted: { actions: huge } } })
    const { start, say, settled, until, rows, deadLetters } = await stage()
    await start(part)
    await say('Noted', 'b-1')
    await say('Book', 'b-2')
    await settled('b-1', 'b-2')
    expect(await rows('b-1')).toMatchObject([{ outcome: 'held', state: null }])
    await until('the letter is there', () => deadLetters.length === 1)
    expect(deadLetters[0]?.headers).toMatchObject({ dlt_code: 'CHORUS_TOO_LARGE' })
  })

  test('is never guessed: a start that throws may be another event for a saga that was not looked at', async () => {
    const part = deskOf({
      context: { started: false },
      initial: 'a',
      states: {
        a: {
          on: {
            Noted: [
              { guard: ({ event }: { event: { n: number } }) => event.n === 1, target: 'b' },
              { actions: throwing },
            ],
          },
        },
        b: { on: { Noted: {} } },
      },
    })
    const { start, say, settled, quiet, rows, deadLetters } = await stage()
    const first = await start(part)
    await say('Noted', 'b-1', 1)
    await settled('b-1')
    await first.kill()
    await start(part)
    await say('Noted', 'b-1', 2)
    await settled('b-1')
    await quiet()
    expect(deadLetters).toEqual([])
    expect(await rows('b-1')).toMatchObject([{ outcome: 'applied' }, { outcome: 'ignored' }])
  })

  test('among the answers of an effect has it run again with back-off, until its deadline at last', async () => {
    let runs = 0
    const seat = { run: async () => ++runs, deadline: 20_000 }
    const invoke = { id: 'seat', src: 'seat', onDone: { target: 'c', actions: throwing }, onError: 'd' }
    const part = deskOf(
      { initial: 'a', states: { a: { on: { Book: 'b' } }, b: { invoke }, c: {}, d: {} } },
      { seat },
    )
    const { start, say, until, head } = await stage()
    await start(part)
    await say('Book', 'b-1')
    await until('the machine is told of the deadline', async () => (await head('b-1'))?.state?.value === 'd')
    expect(runs).toBeGreaterThan(3)
    expect(runs).toBeLessThan(20)
  })

  test('in one timer stops neither the other timers nor the effects of its saga', async () => {
    const region = (after: object) => ({ initial: 'x', states: { x: { after }, y: {} } })
    const seat = { id: 'seat', src: 'seat', onDone: '.done', onError: '.done' }
    const part = deskOf(
      {
        initial: 'a',
        states: {
          a: { on: { Book: 'b' } },
          b: {
            type: 'parallel',
            states: {
              bad: region({ [patience]: { target: 'y', actions: throwing } }),
              good: region({ [patience]: 'y' }),
              seat: { invoke: seat, initial: 'busy', states: { busy: {}, done: {} } },
            },
          },
        },
      },
      { seat: { run: async () => 1 } },
    )
    const { start, say, clock, settled, until, rows, head } = await stage()
    const first = await start(part)
    first.after.insert = () => first.kill()
    await say('Book', 'b-1')
    await until('the row is stored', async () => (await rows('b-1')).length === 1)
    clock.advance(patience)
    await start(part)
    await until('the rest goes on', async () => {
      const value = JSON.stringify((await head('b-1'))?.state?.value)
      return value === '{"b":{"bad":"x","good":"y","seat":"done"}}'
    })
    await settled()
  })
})
