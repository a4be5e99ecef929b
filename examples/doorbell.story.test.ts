import { describe, test } from '@jest/globals'
import { emit, setup } from 'xstate'
import { answer, given, refusal, story, timePasses, sagaId as visitId } from '#orchestration/testing'
import { contracts } from './doorbell.contracts.ts'
import { doorbell, doorbellMachine } from './doorbell.ts'

const patience = 30_000
const part = { name: 'doorbell', machine: doorbellMachine, contracts, input: { patience } }
const bellRang = { type: 'BellRang', visitId } as const
const doorOpened = { type: 'DoorOpened', visitId } as const
const chimed = answer('chime', undefined)

describe('a doorbell', () => {
  test('chimes when somebody rings, and waits for the door', () => {
    given(part)
      .when(bellRang)
      .then({ state: 'chiming', asked: ['chime'], emitted: [] })
      .when(chimed)
      .then({ state: 'waiting', pending: ['after patience'] })
  })

  test('says that nobody came when the door stays shut', () => {
    const waiting = given(part, bellRang, chimed)
    waiting.when(timePasses('29s')).thenNothing()
    waiting.when(timePasses('30s')).then({
      state: 'missed',
      emitted: [{ type: 'NobodyCame', visitId }],
    })
  })

  test('does not lose a door that opens while it still chimes', () => {
    given(part, bellRang)
      .when(doorOpened)
      .then({ state: 'chiming', deferred: ['DoorOpened'], outcome: 'deferred' })
      .when(chimed)
      .then({ state: 'greeted', emitted: ['VisitorGreeted'] })
  })

  test('gives up when the chime is broken for good', () => {
    given(part, bellRang)
      .when(refusal('chime'))
      .then({ state: 'missed', emitted: ['NobodyCame'] })
  })
})

/** A host who takes ten seconds to the door. */
const host = {
  name: 'host',
  contracts,
  machine: setup({
    types: {
      input: {} as { sagaId: string },
      context: {} as { visitId: string },
      events: {} as { type: 'BellRang'; visitId: string },
      emitted: {} as { type: 'DoorOpened'; visitId: string },
    },
    delays: { walk: 10_000 },
  }).createMachine({
    id: 'host',
    context: ({ input }) => ({ visitId: input.sagaId }),
    initial: 'reading',
    states: {
      reading: { on: { BellRang: 'walking' } },
      walking: { after: { walk: 'open' } },
      open: { type: 'final', entry: emit(({ context }) => ({ type: 'DoorOpened', ...context })) },
    },
  }),
}

describe('a visit', () => {
  test('ends with a greeting', () => {
    story({ participants: [doorbell(async () => {}, patience), host], effects: { chime: () => 'ding dong' } })
      .when(bellRang, timePasses('10s'))
      .then({
        said: ['host: DoorOpened', 'doorbell: VisitorGreeted'],
        states: { doorbell: 'greeted', host: 'open' },
        pending: [],
      })
  })

  test('ends well even when the chime needs a second attempt', () => {
    const chime = (_: unknown, attempt: number) => {
      if (attempt === 1) throw new Error('stuck')
    }
    story({ participants: [part, host], effects: { chime } })
      .when(bellRang, timePasses('1m'))
      .then({ states: { doorbell: 'greeted' } })
  })

  test('ends badly when the chime hangs and the visitor goes', () => {
    story({ participants: [doorbell(async () => {}, patience), host] })
      .when(bellRang, timePasses('1m'))
      .then({ said: ['host: DoorOpened', 'doorbell: NobodyCame'], states: { doorbell: 'missed' } })
  })
})
