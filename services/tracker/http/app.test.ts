import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { LagReading, Story } from '#orchestration'
import { type ApiStage, anEnded, apiStage, guest } from './api-stage.fixtures.ts'
import { aStory, beginning } from './story.fixtures.ts'

let stage: ApiStage
beforeEach(async () => {
  stage = await apiStage()
})
afterEach(() => stage.close())

test('GET /stuck groups what should not be by cause and by who has to act, the oldest first', async () => {
  const held = { row: 's:2', seq: 2, id: 'e', code: 'CHORUS_UNREADABLE', reason: 'torn', at: beginning }
  const stories = [1, 2].map((n) => {
    const story = aStory(`s${n}`, beginning + n)
    const guest = story.parts.guest as Story['parts'][string]
    return { ...story, parts: { guest: { ...guest, held: [{ ...held, at: beginning + n }] } } }
  })
  await stage.tell([...stories, aStory('s3', beginning - 20_000), aStory('s4', beginning)])
  expect((await stage.get('/stuck')).body).toMatchObject({
    groups: [
      { cause: 'retry', responsible: 'guest', count: 1, sagas: [{ sagaId: 's3' }] },
      {
        ...{ cause: 'dead-letter', responsible: 'guest', count: 2, oldest: '2026-11-23T10:00:00.001Z' },
        sagas: [{ sagaId: 's1' }, { sagaId: 's2' }],
      },
    ],
  })
})

test('of too many sagas only the oldest are looked at, and whatever is counted among them says so', async () => {
  stage.looksAt = 1
  await stage.tell([aStory('s1', beginning - 120_000), aStory('s2', beginning)])
  expect((await stage.get('/stuck')).body).toMatchObject({ looked: 1, isPartial: true })
  expect((await stage.get('/overview')).body).toMatchObject({ stuck: 1, isStuckPartial: true })
  expect((await stage.get('/sagas?cause=retry')).body).toMatchObject({ total: 1, isPartial: true })
  expect((await stage.get('/sagas')).body).toMatchObject({ total: 2, isPartial: false })
})

test('GET /overview counts what there is, what should not be, and what is furthest behind', async () => {
  await stage.tell([aStory('s1', beginning), aStory('s2', beginning - 120_000), anEnded('s3', beginning)])
  stage.lag = { ...aLag(), error: 'the broker is away' }
  expect((await stage.get('/overview')).body).toEqual({
    at: '2026-11-23T10:00:05.000Z',
    counts: { running: 2, waiting: 0, ended: 1 },
    endings: { left: 1 },
    minutes: [{ minute: '2026-11-23T10:00:00.000Z', started: 3, ended: 1, compensated: 0 }],
    duration: null,
    overdue: 1,
    stuck: 1,
    isStuckPartial: false,
    deadLetters: 4,
    worstLag: expect.objectContaining({ group: 'kitchen', partition: 1, lag: 2, seconds: 4 }),
    brokerError: 'the broker is away',
    tracker: { state: 'rebuilding', read: 3, end: 9, since: '2026-11-23T10:00:00.000Z' },
  })
})

test('GET /lag tells every partition and the history, and why it is old', async () => {
  stage.lag = { ...aLag(), error: 'the broker is away' }
  expect((await stage.get('/lag')).body).toEqual({
    at: '2026-11-23T10:00:04.000Z',
    error: 'the broker is away',
    groups: [
      {
        group: 'kitchen',
        members: 1,
        lag: 3,
        partitions: [0, 1].map((partition) => ({
          ...{
            group: 'kitchen',
            topic: 'orders',
            partition,
            committed: partition === 0 ? null : '5',
            end: '7',
          },
          ...{ lag: partition + 1, seconds: partition === 0 ? 1 : 4 },
        })),
        history: [{ at: '2026-11-23T10:00:04.000Z', lag: 3, seconds: 3 }],
      },
    ],
  })
})

test('GET /definitions gives every known definition', async () => {
  expect((await stage.get('/definitions')).body).toEqual({ definitions: [{ ...guest, emits: [] }] })
})

test('/livez answers, and /readyz says what is missing', async () => {
  const probe = async (path: string) => {
    const response = await fetch(stage.address + path)
    return { status: response.status, body: await response.json() }
  }
  expect(await probe('/livez')).toMatchObject({ status: 200 })
  expect(await probe('/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } })
  stage.readiness = { broker: true, store: 'no answer' }
  expect(await probe('/readyz')).toMatchObject({ status: 503, body: { checks: { store: 'no answer' } } })
})

test('the front door leads to the console, and elsewhere is nothing', async () => {
  const front = await fetch(stage.address, { redirect: 'manual' })
  expect([front.status, front.headers.get('location')]).toEqual([302, '/console'])
  const answer = await fetch(`${stage.address}/api/v1/sagas/s1`, { method: 'DELETE' })
  expect([answer.status, await answer.json()]).toMatchObject([404, { code: 'route-not-found' }])
})

function aLag(): LagReading {
  const at = beginning + 4_000
  const place = { topic: 'orders', end: 7n }
  const partitions = [
    { ...place, partition: 0, committed: null, lag: 1n, oldest: { after: 0, by: at } },
    { ...place, partition: 1, committed: 5n, lag: 2n, oldest: { after: 0, by: beginning + 1_000 } },
  ]
  const history = [{ at, lag: 3, seconds: 3 }]
  return { at, error: null, groups: [{ group: 'kitchen', at, members: 1, partitions, history }] }
}
