import { describe, expect, test } from '@jest/globals'
import {
  type AnyStateMachine,
  assign,
  cancel,
  createMachine,
  emit,
  enqueueActions,
  fromCallback,
  fromPromise,
  raise,
  sendTo,
  setup,
  spawnChild,
} from 'xstate'
import { TerminalError } from '#messaging'
import { contracts, desk, performed } from './booking.fixtures.ts'
import { participant } from './participant.ts'

const actors = { seat: fromPromise(performed), listen: fromCallback(() => {}) }
const work = { run: async () => null }

/** Makes a desk of the machine that these states make up. */
function deskOf(config: object, effects: object = {}) {
  const machine = setup({ actors }).createMachine({ id: 'desk', ...config }) as unknown as AnyStateMachine
  return participant({ name: 'desk', version: '1', machine, effects: effects as never, contracts })
}

function refusal(config: object, effects: object = {}): string {
  try {
    deskOf(config, effects)
  } catch (error) {
    expect(error).toBeInstanceOf(TerminalError)
    expect(error).toMatchObject({ code: 'CHORUS_NOT_DURABLE' })
    return (error as Error).message
  }
  throw new Error('the machine was accepted')
}

const runs = (action: unknown) => ({ on: { Book: { actions: action } } })
const invokes = (invoke: object, effects: object = { seat: work }) => refusal({ invoke }, effects)
const seat = { id: 'seat', src: 'seat', onDone: {}, onError: {} }

describe('a participant refuses what it cannot make durable, and says what to write instead:', () => {
  test.each([
    [
      'a custom inline action',
      runs(() => {}),
      /"desk" runs .*a side effect .*: invoke an effect, or emit an event/,
    ],
    ['a custom named action', runs('ring'), /runs the action "ring", a side effect .*invoke an effect/],
    ['sendTo', runs(sendTo('other', { type: 'Book' })), /runs sendTo: emit an event instead/],
    ['spawnChild', runs(spawnChild('seat')), /runs spawnChild: use `invoke` with a named promise actor/],
    ['enqueueActions', runs(enqueueActions(() => {})), /runs enqueueActions, .*: write guarded transitions/],
    ['a delayed raise', runs(raise({ type: 'Book' }, { delay: 10 })), /delayed raise: write `after`/],
    ['an unknown delay', { after: { long: {} } }, /waits for the delay "long", .*: give it in setup/],
    ['a wildcard', { on: { '*': {} } }, /listens to "\*": name each event, a wildcard has no topic/],
    ['a partial wildcard', { on: { 'Book.*': {} } }, /listens to "Book\.\*": name each event/],
    [
      'a type of XState',
      { on: { 'xstate.x': {} } },
      /"xstate\.x": types that begin with "xstate\." belong to XState/,
    ],
    [
      'an event in no contract',
      { on: { Sung: {} } },
      /listens to "Sung", .*: add its schema to the contracts/,
    ],
    ['an emitted event in no contract', runs(emit({ type: 'Sung' })), /emits "Sung", .*: add its schema/],
    [
      'an event of another',
      runs(emit({ type: 'Noted' })),
      /"Noted", which belongs to "guest": .* its own topic/,
    ],
  ])('%s', (_, config, sentence) => {
    expect(refusal(config)).toMatch(sentence)
  })

  test.each([
    ['an inline actor', { ...seat, src: fromPromise(performed) }, /inline actor: name it in setup/],
    ['a callback actor', { ...seat, src: 'listen' }, /"listen" is not a promise actor: use fromPromise/],
    [
      'an invoke without id',
      { ...seat, id: undefined },
      /without an id: the id is part of the idempotency key/,
    ],
    [
      'an invoke without onDone',
      { ...seat, onDone: undefined },
      /without onDone: say what its answer leads to/,
    ],
    ['an invoke without onError', { ...seat, onError: undefined }, /without onError: say what a refusal/],
    ['an invoke with onSnapshot', { ...seat, onSnapshot: {} }, /with onSnapshot: an effect answers once/],
  ])('%s', (_, invoke, sentence) => {
    const name = invoke.src === 'listen' ? 'listen' : 'seat'
    expect(invokes(invoke, { [name]: work })).toMatch(sentence)
  })

  test('an invoke id that two states use', () => {
    const states = { a: { invoke: seat }, b: { invoke: seat } }
    expect(refusal({ initial: 'a', states }, { seat: work })).toMatch(
      /the invoke id "seat" is used twice: .*give each its own/,
    )
  })

  test('an effect that is missing, and one too many', () => {
    const message = invokes(seat, { seet: work })
    expect(message).toMatch(/no effect "seat" is given: add its work to `effects`/)
    expect(message).toMatch(/the effect "seet" is invoked nowhere: remove it or invoke it/)
  })

  test('a side effect wherever it stands: entry, exit, always, after, onDone, a nested state', () => {
    const ring = { actions: 'ring' }
    const places = [
      { entry: 'ring' },
      { exit: 'ring' },
      { initial: 'a', states: { a: { always: { ...ring, target: 'b' } }, b: {} } },
      { after: { 10: ring } },
      { initial: 'a', states: { a: { on: { Book: ring } } } },
      { initial: 'a', states: { a: { type: 'final' } }, onDone: ring },
    ]
    for (const place of places) expect(refusal(place)).toMatch(/runs the action "ring"/)
    expect(invokes({ ...seat, onDone: ring })).toMatch(/runs the action "ring"/)
  })

  test('everything at once: the message lists each fault on a line of its own', () => {
    const message = refusal(
      { on: { '*': {}, Sung: {} }, entry: 'ring', invoke: { src: 'seat' } },
      { seat: work, spare: work },
    )
    expect(message.split('\n')).toEqual([
      'participant "desk" cannot be made durable:',
      expect.stringContaining('listens to "*"'),
      expect.stringContaining('listens to "Sung"'),
      expect.stringContaining('runs the action "ring"'),
      expect.stringContaining('without an id'),
      expect.stringContaining('without onDone'),
      expect.stringContaining('without onError'),
      expect.stringContaining('the effect "spare" is invoked nowhere'),
    ])
  })
})

describe('a participant accepts', () => {
  test('guards, assigns, emits, cancels, timers, always, parallel and history states', () => {
    const machine = setup({
      actors,
      guards: { ready: () => true },
      actions: { note: assign({ n: 1 }), say: emit({ type: 'Booked' }) },
      delays: { long: () => 500 },
    }).createMachine({
      id: 'desk',
      context: { n: 0 },
      type: 'parallel',
      states: {
        a: {
          initial: 'one',
          states: {
            one: {
              on: { Book: { guard: 'ready', target: 'two', actions: ['note', 'say', assign({ n: 2 })] } },
            },
            two: {
              after: { long: 'one', 20: { actions: raise({ type: 'Book' }) } },
              always: { guard: () => false },
            },
            back: { type: 'history' },
          },
        },
        b: {
          on: { Noted: '.deep' },
          initial: 'x',
          states: { x: {}, deep: { entry: cancel('t'), invoke: seat } },
        },
      },
    } as never) as unknown as AnyStateMachine
    const part = participant({
      name: 'desk',
      version: '1',
      machine,
      effects: { seat: work } as never,
      contracts,
    })
    expect([...part.listensTo]).toEqual(['Book', 'Noted'])
  })

  test('a machine without setup, when it needs no names', () => {
    const machine = createMachine({ initial: 'a', states: { a: { on: { Book: 'b' } }, b: {} } })
    expect(participant({ name: 'desk', version: '1', machine, effects: {}, contracts }).topics).toEqual([
      'desk.commands',
      'desk.control',
    ])
  })

  test('an emit whose event is computed: its type is checked when it is emitted', () => {
    expect(deskOf(runs(emit(() => ({ type: 'Sung' }))))).toBeDefined()
  })
})

test('a participant knows what it listens to, on which topics, and what starts a saga', () => {
  const part = desk()
  expect([...part.listensTo].sort()).toEqual(['Arrived', 'Book', 'Hurry', 'Left', 'Noted', 'Sat', 'Thanked'])
  expect(part.topics).toEqual(['desk.commands', 'desk.control', 'guest.events'])
  expect([...part.startedBy]).toEqual(['Book'])
})
