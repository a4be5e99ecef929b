import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { RetryableError } from '#messaging'
import type { Logger } from '#observability'
import {
  type Definitions,
  type HttpServer,
  memoryStoryStore,
  type Readiness,
  type Story,
  type StoryStore,
  serveHttp,
} from '#orchestration'
import { trackerApi } from './app.ts'
import { aStory, beginning, itsSteps } from './story.fixtures.ts'

const definition = { participant: 'guest', version: '1', definition: { states: {} }, listensTo: [] }
const definitions: Definitions = { of: () => definition, listenersOf: () => [], all: () => [definition] }

let store: StoryStore
let readiness: Readiness
let server: HttpServer
const logged: string[] = []

beforeEach(async () => {
  store = memoryStoryStore()
  readiness = { broker: true, store: true }
  await serve(store)
})

afterEach(() => server.close())

describe('GET /sagas', () => {
  test('lists the newest first, page after page', async () => {
    await store.writeStories([1, 2, 3, 4, 5].map((n) => aStory(`s${n}`, beginning + n)))
    const first = await get('/sagas?limit=2')
    expect(first.body.sagas.map(idOf)).toEqual(['s5', 's4'])
    expect(first.link).toBe(`</sagas?limit=2&cursor=${first.body.next}>; rel="next"`)
    const second = await get(`/sagas?limit=2&cursor=${first.body.next}`)
    expect(second.body.sagas.map(idOf)).toEqual(['s3', 's2'])
    const last = await get(`/sagas?limit=2&cursor=${second.body.next}`)
    expect(last.body).toMatchObject({ sagas: [{ sagaId: 's1' }] })
    expect(last.body.next).toBeUndefined()
  })

  test('says of each where it stands, in one sentence', async () => {
    await store.writeStories([aStory('s1', beginning)])
    expect((await get('/sagas')).body.sagas).toEqual([
      {
        sagaId: 's1',
        state: 'running',
        sentence: 'guest tries call again now (attempt 2); the last error: busy',
        beganAt: '2026-11-23T10:00:00.000Z',
        at: '2026-11-23T10:00:01.000Z',
        participants: [{ participant: 'guest', state: 'calling.out', status: 'active' }],
      },
    ])
  })

  test('refuses a limit or a cursor that it did not give', async () => {
    const refused = ['limit=0', 'limit=101', 'limit=x', 'cursor=a&cursor=b'].map((query) => [
      query,
      'invalid-request',
    ])
    for (const [query, code] of [...refused, ['cursor=nonsense', 'invalid-cursor']]) {
      const answer = await get(`/sagas?${query}`)
      expect(answer).toMatchObject({ status: 400, body: { code } })
      expect(answer.type).toMatch('application/problem+json')
    }
  })
})

describe('GET /sagas/{id}', () => {
  test('tells the whole story, without payloads', async () => {
    await store.writeStories([aStory('s1', beginning)])
    await store.insertSteps(itsSteps('s1', beginning))
    const { status, body } = await get('/sagas/s1')
    expect(status).toBe(200)
    expect(body).toMatchObject({ sagaId: 's1', state: 'running' })
    expect(body.participants).toEqual([
      {
        participant: 'guest',
        version: '1',
        seq: 2,
        state: 'calling.out',
        status: 'active',
        startedAt: '2026-11-23T10:00:00.000Z',
        at: '2026-11-23T10:00:01.000Z',
        last: { kind: 'retry', name: 'call', outcome: 'applied' },
        waitsFor: { events: [], until: '2026-11-23T10:01:00.000Z' },
        timers: [{ id: 'patience', dueAt: '2026-11-23T10:01:00.000Z' }],
        effects: [
          {
            id: 'call',
            attempt: 2,
            startedAt: '2026-11-23T10:00:00.000Z',
            notBefore: '2026-11-23T10:00:01.000Z',
            deadlineAt: null,
            error: 'busy',
          },
        ],
        held: [],
        deferred: [{ id: 'e2', type: 'Answered', at: '2026-11-23T10:00:00.000Z' }],
      },
    ])
    expect(body.timeline).toEqual([
      {
        participant: 'guest',
        seq: 1,
        version: '1',
        at: '2026-11-23T10:00:00.000Z',
        cause: { kind: 'event', id: 'e1', name: 'Wished' },
        outcome: 'applied',
        before: null,
        after: 'calling.out',
        emitted: [{ id: 'e3', type: 'Called' }],
        traceId: '0af7651916cd43dd8448eb211c80319c',
      },
      {
        participant: 'guest',
        seq: 2,
        version: '1',
        at: '2026-11-23T10:00:01.000Z',
        cause: { kind: 'retry', id: 'call@1', name: 'call', error: 'busy' },
        outcome: 'applied',
        before: 'calling.out',
        after: 'calling.out',
        emitted: [],
        traceId: null,
      },
    ])
    expect(JSON.stringify(body)).not.toContain('secret')
  })

  test('an address that cannot be read is the fault of who asked', async () => {
    expect(await get('/sagas/%E0')).toMatchObject({ status: 400, body: { code: 'invalid-request' } })
  })

  test('an id that never came is a problem that says so', async () => {
    expect(await get('/sagas/none')).toMatchObject({
      status: 404,
      body: { code: 'saga-not-found', detail: expect.stringContaining('"none"') },
    })
  })

  test('a store that fails is 503, anything else that breaks 500, and the log says why', async () => {
    for (const [error, status, code] of [
      [new RetryableError('gone'), 503, 'store-unavailable'],
      [new Error('broken'), 500, 'internal-error'],
    ] as const) {
      logged.length = 0
      await server.close()
      await serve({ ...store, readStories: () => Promise.reject(error) })
      expect(await get('/sagas/s1')).toMatchObject({ status, body: { code } })
      expect(logged).toEqual(['a request failed'])
    }
  })
})

test('GET /definitions gives every known definition', async () => {
  expect((await get('/definitions')).body).toEqual({ definitions: [definition] })
})

test('/livez answers, and /readyz says what is missing', async () => {
  expect(await get('/livez')).toMatchObject({ status: 200 })
  expect(await get('/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } })
  readiness = { broker: true, store: 'no answer' }
  expect(await get('/readyz')).toMatchObject({ status: 503, body: { checks: { store: 'no answer' } } })
})

test('nothing can be commanded here', async () => {
  const answer = await fetch(`${server.address}/sagas/s1`, { method: 'POST' })
  expect(answer.status).toBe(404)
  expect(await answer.json()).toMatchObject({ code: 'route-not-found' })
})

async function serve(from: StoryStore): Promise<void> {
  const api = trackerApi({
    store: from,
    definitions,
    readiness: async () => readiness,
    log,
    now: () => beginning + 5_000,
  })
  server = await serveHttp(api, 0)
}

const log: Logger = {
  debug() {},
  info() {},
  warn() {},
  error: (message) => void logged.push(message),
  child: () => log,
}

type Body = {
  readonly sagas: readonly Pick<Story, 'sagaId'>[]
  readonly next?: string
  readonly participants: unknown
  readonly timeline: unknown
}

async function get(path: string) {
  const response = await fetch(`${server.address}${path}`)
  const { status, headers } = response
  return {
    status,
    body: (await response.json()) as Body,
    type: headers.get('content-type'),
    link: headers.get('link'),
  }
}

function idOf({ sagaId }: Pick<Story, 'sagaId'>): string {
  return sagaId
}
