import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { initialTransition, transition } from 'xstate'
import type { BrokerRecord, Producer } from '#messaging'
import { createLogger } from '#observability'
import {
  type Infrastructure,
  memoryInfrastructure,
  type RunningParticipant,
  runParticipant,
} from '#orchestration'
import { contracts } from './doorbell.contracts.ts'
import { doorbell, doorbellMachine } from './doorbell.ts'

const topics = [
  'visitor.events',
  'host.events',
  'doorbell.events',
  'doorbell.control',
  'doorbell.dlt',
  'saga.steps',
  'saga.definitions',
]
const log = createLogger({ service: 'doorbell', level: 'silent' })

let street: Infrastructure
let visitor: Producer
let heard: string[]
let running: RunningParticipant | undefined

beforeEach(async () => {
  street = await memoryInfrastructure(
    contracts,
    topics.map((name) => ({ name, partitions: 3 })),
  )
  visitor = await street.broker.producer()
  heard = []
  running = undefined
  const onRecords = (records: readonly BrokerRecord[]) =>
    heard.push(...records.map(({ key, headers }) => `${headers.ce_type} ${key}`))
  await street.broker.consume({
    groupId: 'neighbours',
    topics: ['doorbell.events'],
    assignment: 'standalone',
    handler: { onRecords },
  })
})

afterEach(async () => {
  await running?.stop()
  await street.close()
})

async function start(chime: Parameters<typeof doorbell>[0], patience = 30_000): Promise<void> {
  running = await runParticipant(doorbell(chime, patience), {
    broker: street.broker,
    codec: street.codec,
    store: await street.store('doorbell'),
    log,
    onFatal: (error) => log.error('the doorbell is dead', { error }),
    sweepInterval: 10,
  })
}

async function say(type: 'BellRang' | 'DoorOpened', visitId: string): Promise<void> {
  const source = contracts.events[type]?.owner ?? ''
  const event = { id: `${type}/${visitId}`, type, source, sagaId: visitId, time: Date.now(), trace: {} }
  await visitor.send([street.codec.encode({ ...event, data: { visitId } })])
}

async function hear(words: string): Promise<void> {
  const limit = performance.now() + 5_000
  while (!heard.includes(words)) {
    if (performance.now() > limit) throw new Error(`"${words}" was never heard, only: ${heard.join(', ')}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

test('it chimes once, and a door that opens in time greets the visitor', async () => {
  const chimes: string[] = []
  await start(async ({ input }) => void chimes.push(input.visitId))
  await say('BellRang', 'visit-1')
  await say('DoorOpened', 'visit-1')
  await hear('VisitorGreeted visit-1')
  expect(chimes).toEqual(['visit-1'])
})

test('when nobody opens in time, nobody came', async () => {
  await start(async () => {}, 20)
  await say('BellRang', 'visit-1')
  await hear('NobodyCame visit-1')
})

test('a chime that sticks is tried again under the same key, and the visitor loses nothing', async () => {
  const keys: string[] = []
  await start(async ({ idempotencyKey }) => {
    if (keys.push(idempotencyKey) === 1) throw new Error('stuck')
  })
  await say('BellRang', 'visit-1')
  await say('DoorOpened', 'visit-1')
  await hear('VisitorGreeted visit-1')
  expect(keys).toEqual(['visit-1:1/chime', 'visit-1:1/chime'])
})

test('a bell that rang before the doorbell was switched off still waits afterwards', async () => {
  await start(async () => {})
  await say('BellRang', 'visit-1')
  await running?.stop()
  await start(async () => {})
  await say('DoorOpened', 'visit-1')
  await hear('VisitorGreeted visit-1')
})

test('without any of that it is just a machine', () => {
  const [quiet] = initialTransition(doorbellMachine, { sagaId: 'visit-1', patience: 30_000 })
  const [next] = transition(doorbellMachine, quiet, { type: 'BellRang', visitId: 'visit-1' })
  expect(next.value).toBe('chiming')
})
