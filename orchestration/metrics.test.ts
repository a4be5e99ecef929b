import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Metrics, startMetrics } from '#observability'
import { type Scrape, scrape } from '../test/prometheus-text.ts'
import { type CheckIn, desk } from './booking.fixtures.ts'
import { type HttpServer, serveHttp } from './host/http.ts'
import { type Stage, stage } from './stage.fixtures.ts'

let metrics: Metrics
let server: HttpServer
let set: Stage

beforeEach(async () => {
  metrics = startMetrics({ service: 'desk' })
  server = await serveHttp((_request, response) => void response.end('something else'), 0)
  set = await stage()
})
afterEach(async () => {
  await server.close()
  await metrics.shutdown()
})

const steps = 'chorus_step_duration_count'

/** What came of these events about one saga, at a desk with this work. */
async function after(types: readonly string[], checkIn?: CheckIn): Promise<Scrape> {
  await set.start(desk(checkIn))
  for (const type of types) await set.say(type, 'b-1')
  await set.settled('b-1')
  return await scrape(server.address)
}

test('a saga is counted when it begins, and measured when it ends, by its final state', async () => {
  const { value } = await after(['Book', 'Left'])
  expect(value('chorus_saga_started_total', { saga_participant: 'desk' })).toBe(1)
  expect(value('chorus_saga_duration_count', { saga_participant: 'desk', saga_state: 'left' })).toBe(1)
  expect(value(steps, { saga_cause: 'event', saga_outcome: 'applied' })).toBe(2)
})

test('what is deferred, ignored or known already is counted as such', async () => {
  await set.start()
  for (const type of ['Book', 'Thanked', 'Left', 'Noted']) await set.say(type, 'b-1')
  await set.say('Noted', 'b-1', 0, 'once')
  await set.say('Noted', 'b-1', 0, 'once')
  await set.settled('b-1')
  const { value } = await scrape(server.address)
  expect(value(steps, { saga_outcome: 'deferred' })).toBe(1)
  expect(value(steps, { saga_outcome: 'ignored' })).toBe(2)
  expect(value(steps, { saga_outcome: 'duplicate' })).toBe(1)
})

test('an attempt that fails is counted with its error, and so is the retry', async () => {
  let attempts = 0
  const run = async () => {
    if (++attempts === 1) throw Object.assign(new Error('nobody there'), { code: 'E_NOBODY' })
    return { room: 7 }
  }
  await set.start(desk({ run }))
  for (const type of ['Book', 'Arrived']) await set.say(type, 'b-1')
  await set.until('checked in', async () => (await set.head('b-1'))?.state?.value === 'checkedIn')
  const { value } = await scrape(server.address)
  const effect = { saga_participant: 'desk', effect_id: 'checkIn' }
  expect(value('chorus_effect_duration_count', effect)).toBe(2)
  expect(value('chorus_effect_duration_count', { ...effect, error_type: 'E_NOBODY' })).toBe(1)
  expect(value(steps, { saga_cause: 'retry' })).toBe(1)
  expect(value('chorus_dependency_open', { dependency_name: 'checkIn' })).toBe(0)
})

test('a dead letter is an increase, since there was a zero before it', async () => {
  const before = await after(['Book'])
  expect(before.value('chorus_dead_letters_total', { saga_participant: 'desk' })).toBe(0)
  await set.send({ topic: 'guest.events', key: 'b-1', value: Buffer.from('not avro') })
  await set.settled('b-1')
  const { value } = await scrape(server.address)
  expect(value('chorus_dead_letters_total', { saga_participant: 'desk' })).toBe(1)
})

test('committers tell the size of their batches, and that a write failed', async () => {
  await set.start(undefined, (process) => {
    let failures = 0
    process.before.insert = () => {
      if (failures++ === 0) throw new Error('the store is away')
    }
    return undefined
  })
  await set.say('Book', 'b-1')
  await set.settled('b-1')
  const { value } = await scrape(server.address)
  expect(value('chorus_committer_failures_total', { committer_name: 'journal insert' })).toBe(1)
  expect(value('chorus_committer_failures_total', { committer_name: 'head write' })).toBe(0)
  expect(value('chorus_committer_batch_size_sum', { committer_name: 'journal insert' })).toBe(1)
})

test('every other path is left to the service', async () => {
  expect(await (await fetch(`${server.address}/metricsx`)).text()).toBe('something else')
})
