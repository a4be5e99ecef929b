import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import {
  type BrokerRecord,
  createCodec,
  deadLetterTopic,
  kafkaBroker,
  kafkaConfigFromEnvironment,
  partitionOf,
  publishContracts,
  registryConfigFromEnvironment,
  restRegistry,
  restRegistryAdmin,
} from '#messaging'
import { prepareServers } from '../scripts/shop/prepare.ts'
import { canary } from './canary.fixtures.ts'
import { eventually } from './shop.ts'

const name = `canary-${randomUUID().slice(0, 8)}`
const partitions = 2
const broker = kafkaBroker(kafkaConfigFromEnvironment())
const closing: { close(): Promise<void> }[] = []
let running: ChildProcess | undefined

afterAll(async () => {
  await Promise.all(closing.map((opened) => opened.close()))
  if (running?.exitCode !== null || running.signalCode !== null) return
  running.kill('SIGTERM')
  await once(running, 'exit')
}, 30_000)

/** Resolves with the signal that ended it. */
async function life(): Promise<string | null> {
  const env = { ...process.env, CANARY_NAME: name, LOG_LEVEL: 'silent', MONGODB_DATABASE: 'chorus-canary' }
  const child = spawn(process.execPath, [join(import.meta.dirname, 'canary.fixture.ts')], {
    env,
    stdio: 'ignore',
  })
  running = child
  const [, signal] = await once(child, 'exit')
  return signal
}

async function listen(topic: string): Promise<readonly BrokerRecord[]> {
  const heard: BrokerRecord[] = []
  const consumer = await broker.consume({
    groupId: 'audience',
    topics: [topic],
    assignment: 'standalone',
    handler: { onRecords: (records) => void heard.push(...records) },
  })
  closing.push(consumer)
  return heard
}

test('a record that kills its process goes to the dead letters at its third death alone, and the others are handled, once', async () => {
  const { contracts, topics } = canary(name)
  await prepareServers(process.env)
  await publishContracts(contracts, restRegistryAdmin(registryConfigFromEnvironment(process.env)))
  const admin = await broker.admin()
  const producer = await broker.producer()
  closing.push(admin, producer)
  await admin.createTopics([
    ...topics.map((topic) => ({ name: topic, partitions })),
    { name: deadLetterTopic(name), partitions: 1 },
  ])
  const letters = await listen(deadLetterTopic(name))
  const songs = await listen(`${name}.events`)

  const shifts = Array.from({ length: 20 }, (_, i) => ({ shiftId: `shift-${i}`, gas: i === 7 }))
  const codec = await createCodec({
    contracts,
    registry: restRegistry(registryConfigFromEnvironment(process.env)),
  })
  await producer.send(
    shifts.map((data) => {
      const id = randomUUID()
      const envelope = { id, type: 'ShiftBegan', source: 'mine', sagaId: data.shiftId, trace: {} }
      return codec.encode({ ...envelope, time: Date.now(), data })
    }),
  )
  expect(new Set(shifts.map(({ shiftId }) => partitionOf(shiftId, partitions))).size).toBe(partitions)

  const began = performance.now()
  let deaths = 0
  async function liveOn(): Promise<void> {
    for (;;) {
      const signal = await life()
      if (signal !== 'SIGKILL') return
      deaths++
    }
  }
  void liveOn()

  await eventually(async () => expect(letters).toHaveLength(1), 120_000)
  await eventually(async () => {
    expect(songs.map(({ key }) => key).sort()).toEqual(
      shifts.flatMap(({ shiftId, gas }) => (gas ? [] : [shiftId])).sort(),
    )
    const { partitions: lags } = await admin.lag(name, topics.slice(0, 1))
    expect(lags.every(({ lag }) => lag === 0n)).toBe(true)
  })
  const seconds = ((performance.now() - began) / 1_000).toFixed(1)
  process.stdout.write(`${deaths} deaths in ${seconds} s until the record was refused\n`)
  expect(letters[0]).toMatchObject({
    key: 'shift-7',
    headers: { ce_type: 'ShiftBegan', dlt_code: 'CHORUS_CRASH_LOOP', dlt_topic: `${name}-mine.events` },
  })
  // Two that looked like accidents, and three alone with the record.
  expect(deaths).toBe(5)
  expect(running?.exitCode).toBeNull()
}, 150_000)
