import { describe, expect, test } from '@jest/globals'
import { deskMachine, deskOf } from '../booking.fixtures.ts'
import type { Head, MachineState } from '../journal.ts'
import { stage } from '../stage.fixtures.ts'
import { pureSaga } from './pure-saga.fixtures.ts'
import { adopted } from './versions.ts'

/** Version 1 counts to one; version 2 has renamed its state and wants a second word. */
const first = {
  context: { said: 'one' },
  initial: 'a',
  states: { a: { on: { Book: 'b' } }, b: { on: { Sat: 'seated' } }, seated: { type: 'final' } },
}
const second = {
  context: { said: 'two' },
  initial: 'a',
  states: {
    a: { on: { Book: 'booked' } },
    booked: { on: { Sat: 'waiting' } },
    waiting: { on: { Noted: 'seated' } },
    seated: { type: 'final' },
  },
}
const seat = { run: async () => 1 }

const old = deskOf(first)
const keepsOld = deskOf(second, {}, { version: '2', earlier: { '1': { machine: deskMachine(first) } } })
const migrates = deskOf(second, {}, { version: '2', migrate: { '1': renamed } })
const ignorant = deskOf(second, {}, { version: '2' })

function renamed(state: MachineState): MachineState {
  return { ...state, value: state.value === 'b' ? 'booked' : state.value, context: { said: 'migrated' } }
}

function begun(): Head {
  const saga = pureSaga(old)
  saga.hear('Book')
  return saga.head as Head
}

describe('a saga of an earlier version', () => {
  test('goes on with the machine that it was started with, where that one is still registered', () => {
    const saga = pureSaga(keepsOld)
    saga.head = adopted(keepsOld, begun())
    saga.hear('Sat')
    expect(saga.last()).toMatchObject({ version: '1', state: { value: 'seated', status: 'done' } })
  })

  test('is migrated before its next step, which says so by its version', () => {
    const saga = pureSaga(migrates)
    saga.head = adopted(migrates, begun())
    saga.hear('Sat')
    expect(saga.last()).toMatchObject({
      version: '2',
      seq: 2,
      state: { value: 'waiting', context: { said: 'migrated' } },
    })
  })

  test('waits where neither is given: nothing is guessed', () => {
    expect(() => adopted(ignorant, begun())).toThrow('version "1" of "desk" is not known here, which has "2"')
  })

  test('waits while its migration throws, or gives a state that the machine does not have', () => {
    const throwing = deskOf(second, {}, { version: '2', migrate: { '1': () => JSON.parse('no') } })
    expect(() => adopted(throwing, begun())).toThrow('cannot be migrated from version "1"')
    const lost = deskOf(second, {}, { version: '2', migrate: { '1': (state) => ({ ...state, value: 'z' }) } })
    expect(() => adopted(lost, begun())).toThrow('cannot be migrated')
  })

  test.each([
    ['an effect', { invoke: { id: 'seat', src: 'seat', onDone: 'seated', onError: 'seated' } }, 'seat'],
    ['a timer', { after: { 1000: 'seated' } }, 'xstate.after.1000.desk.booked'],
  ])('is not migrated into a state that stands for %s which was never started', (_, booked, missing) => {
    const states = { ...second.states, booked }
    const effects = 'invoke' in booked ? { seat } : {}
    const part = deskOf({ ...second, states }, effects, { version: '2', migrate: { '1': renamed } })
    expect(() => adopted(part, begun())).toThrow(missing)
  })

  test('keeps what was pending under the ids that both versions share', () => {
    const timed = (name: string) => ({
      initial: 'a',
      states: { a: { on: { Book: name } }, [name]: { id: 'wait', after: { 1000: 'c' } }, c: {} },
    })
    const saga = pureSaga(deskOf(timed('b')))
    saga.hear('Book')
    const part = deskOf(timed('booked'), {}, { version: '2', migrate: { '1': renamed } })
    const later = pureSaga(part)
    later.head = adopted(part, saga.head as Head)
    later.fire('xstate.after.1000.wait')
    expect(later.head?.state?.value).toBe('c')
  })
})

describe('a new saga', () => {
  test('begins with the newest version, whatever else is registered', () => {
    const saga = pureSaga(keepsOld)
    saga.hear('Book')
    expect(saga.last()).toMatchObject({ version: '2', state: { value: 'booked' } })
  })
})

describe('in a rolling restart', () => {
  test('a saga that the old process does not know waits in its lane, holds up no other, and goes on with the new one', async () => {
    const { start, say, settled, until, lag, head, quiet } = await stage()
    const newer = await start(keepsOld)
    await say('Book', 'b-1')
    await settled('b-1')
    await newer.kill()

    const older = await start(old)
    await say('Sat', 'b-1')
    await say('Book', 'b-2')
    await until('the other saga is started', async () => (await head('b-2'))?.version === '1')
    await quiet()
    expect((await head('b-1'))?.state?.value).toBe('booked')
    expect(await lag()).toBeGreaterThan(0n)
    await older.kill()

    await start(keepsOld)
    await say('Sat', 'b-2')
    await settled('b-1', 'b-2')
    expect(await head('b-1')).toMatchObject({ version: '2', state: { value: 'waiting' } })
    expect(await head('b-2')).toMatchObject({ version: '1', state: { value: 'seated' } })
  })
})
