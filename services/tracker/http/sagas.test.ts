import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { RetryableError } from '#messaging'
import type { Story } from '#orchestration'
import { type ApiStage, anEnded, apiStage, idOf } from './api-stage.fixtures.ts'
import { aStory, beginning } from './story.fixtures.ts'

let stage: ApiStage
beforeEach(async () => {
  stage = await apiStage()
})
afterEach(() => stage.close())

describe('GET /sagas', () => {
  test('lists those that go on first, page after page, and counts them all', async () => {
    await stage.tell([1, 2, 3].map((n) => aStory(`s${n}`, beginning + n)).concat(anEnded('s4', beginning)))
    const first = await stage.get('/sagas?limit=2&version=1')
    expect([first.body.sagas.map(idOf), first.body.total]).toEqual([['s1', 's2'], 4])
    expect(first.link).toBe(`</api/v1/sagas?limit=2&version=1&cursor=${first.body.next}>; rel="next"`)
    const last = await stage.get(`/sagas?limit=2&version=1&cursor=${first.body.next}`)
    expect(last.body.sagas.map(idOf)).toEqual(['s3', 's4'])
    expect(last.body.next).toBeUndefined()
    expect((await stage.get('/sagas?sort=newest')).body.sagas.map(idOf)).toEqual(['s3', 's2', 's1', 's4'])
  })

  test('says of each where it stands, and why', async () => {
    await stage.tell([aStory('s1', beginning)])
    const sentence = 'guest tries call again now (attempt 2); the last error: busy'
    expect((await stage.get('/sagas')).body.sagas).toEqual([
      {
        sagaId: 's1',
        state: 'running',
        why: {
          ...{ cause: 'retry', sentence, responsible: 'guest', isStuck: false },
          ...{ since: '2026-11-23T10:00:00.000Z', until: null },
        },
        sentence,
        ending: null,
        isCompensating: false,
        hasCompensated: false,
        beganAt: '2026-11-23T10:00:00.000Z',
        at: '2026-11-23T10:00:01.000Z',
        dueAt: '2026-11-23T10:01:00.000Z',
        participants: [{ participant: 'guest', state: 'calling.out', status: 'active' }],
      },
    ])
  })

  test('finds by everything that it may be asked for', async () => {
    await stage.tell([aStory('s1', beginning), aStory('s2', beginning - 60_000), anEnded('s3', beginning)])
    const finds = async (query: string) => (await stage.get(`/sagas?${query}`)).body.sagas.map(idOf)
    expect(await finds('q=s2')).toEqual(['s2'])
    expect(await finds('q=e3')).toEqual(['s2', 's1', 's3'])
    expect(await finds('state=active&sort=newest')).toEqual(['s1', 's2'])
    expect(await finds('state=ended')).toEqual(['s3'])
    expect(await finds('step=guest.calling')).toEqual(['s2', 's1'])
    expect(await finds('ending=left')).toEqual(['s3'])
    expect(await finds('version=guest@2')).toEqual([])
    expect(await finds('olderThan=10000')).toEqual(['s2'])
    expect(await finds('overdue=true')).toEqual(['s2'])
    expect(await finds('cause=overdue')).toEqual([])
    expect(await finds('cause=retry&limit=1')).toEqual(['s2'])
    expect(await finds('cause=retry&q=s1')).toEqual(['s1'])
  })

  test('goes on page after page through a cause as well', async () => {
    await stage.tell([1, 2, 3].map((n) => aStory(`s${n}`, beginning + n)))
    const first = (await stage.get('/sagas?cause=retry&limit=2')).body
    expect([first.sagas.map(idOf), first.total]).toEqual([['s1', 's2'], 3])
    const second = (await stage.get(`/sagas?cause=retry&limit=2&cursor=${first.next}`)).body
    expect(second.sagas.map(idOf)).toEqual(['s3'])
  })

  test('refuses what is no question, and a cursor of another one', async () => {
    await stage.tell([1, 2, 3].map((n) => aStory(`s${n}`, beginning + n)))
    const { next } = (await stage.get('/sagas?limit=1')).body
    const refused = ['limit=0', 'limit=501', 'limit=x', 'cause=fate', 'state=lost', 'cursor=a&cursor=b']
    for (const [query, code] of [
      ...refused.map((query) => [query, 'invalid-request']),
      ['cursor=nonsense', 'invalid-cursor'],
      [`sort=newest&cursor=${next}`, 'invalid-cursor'],
    ]) {
      const answer = await stage.get(`/sagas?${query}`)
      expect(answer).toMatchObject({ status: 400, body: { code } })
      expect(answer.type).toMatch('application/problem+json')
    }
  })
})

describe('GET /progress/{id}', () => {
  test('says of whatever has this id how far it is, and nothing of what was said in it', async () => {
    const story = aStory('s1', beginning)
    const guest = story.parts.guest as Story['parts'][string]
    const said = [{ id: 'e4', type: 'Called', at: beginning, to: [] }]
    await stage.tell([{ ...story, parts: { guest: { ...guest, said } } }, anEnded('s2', beginning)])
    const { sagas, isPartial } = (await stage.get('/progress/e4')).body
    expect(isPartial).toBe(false)
    const [summary] = (await stage.get('/sagas?q=s1')).body.sagas
    expect(sagas).toEqual([
      {
        ...summary,
        milestones: [
          { name: 'Called', standing: 'reached', at: '2026-11-23T10:00:00.000Z' },
          { name: 'Left', standing: 'next', at: null },
        ],
      },
    ])
    expect((await stage.get('/progress/s2')).body.sagas).toMatchObject([
      { milestones: [{ standing: 'closed' }, { standing: 'closed' }] },
    ])
    expect((await stage.get('/progress/none')).body).toEqual({ sagas: [], isPartial: false })
  })

  test('names the first of many, and says that there are more', async () => {
    await stage.tell(Array.from({ length: 21 }, (_, n) => aStory(`s${n}`, beginning + n)))
    const { sagas, isPartial } = (await stage.get('/progress/e3')).body
    expect([sagas.length, sagas[0]?.sagaId, isPartial]).toEqual([20, 's0', true])
  })
})

describe('GET /sagas/{id}', () => {
  test('tells where each part stands, by which way it came there, and what it waits for', async () => {
    await stage.tell([aStory('s1', beginning)])
    const { status, body } = await stage.get('/sagas/s1')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      sagaId: 's1',
      state: 'running',
      traceIds: ['0af7651916cd43dd8448eb211c80319c'],
    })
    expect(body.parts).toEqual([
      {
        participant: 'guest',
        version: '1',
        state: 'calling.out',
        value: { calling: 'out' },
        status: 'active',
        startedAt: '2026-11-23T10:00:00.000Z',
        at: '2026-11-23T10:00:01.000Z',
        path: ['calling.out'],
        waitsFor: { events: [], until: '2026-11-23T10:01:00.000Z', timer: 'patience' },
        timers: [{ id: 'patience', name: 'patience', dueAt: '2026-11-23T10:01:00.000Z' }],
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
        context: { number: 7, orders: [{ paymentToken: '•••' }] },
      },
    ])
  })

  test('tells step by step what came in, what it changed, and what went out, with nothing personal in it', async () => {
    await stage.tell([aStory('s1', beginning)])
    const { timeline } = (await stage.get('/sagas/s1')).body
    expect(timeline).toMatchObject([
      {
        participant: 'guest',
        seq: 1,
        at: '2026-11-23T10:00:00.000Z',
        cause: { kind: 'event', id: 'e1', name: 'Wished', source: 'outside', topic: 'wishes', offset: '0' },
        outcome: 'applied',
        before: null,
        after: 'calling.out',
        changes: [
          { path: 'number', before: null, after: 7 },
          { path: 'orders', before: null, after: [{ paymentToken: '•••' }] },
        ],
        traceId: '0af7651916cd43dd8448eb211c80319c',
      },
      {
        seq: 2,
        cause: { kind: 'retry', id: 'call@1', name: 'call', error: 'busy' },
        before: 'calling.out',
        after: 'calling.out',
        changes: [],
        emitted: [],
        traceId: null,
      },
    ])
    const [cancelled, unknown] = timeline[0]?.emitted ?? []
    expect(cancelled).toMatchObject({
      id: 'e3',
      type: 'OrderCancelled',
      topic: 'order.events',
      subject: 'order.events-chorus.order.OrderCancelled',
      schemaVersion: 3,
      schemaId: expect.any(Number),
      to: ['kitchen'],
      headers: { ce_type: 'OrderCancelled', ce_source: 'guest', ce_subject: 's1', ce_causationid: 'e1' },
      data: { orderId: 's1', reason: 'hungry' },
    })
    expect(unknown).toMatchObject({ type: 'Called', topic: null, schemaId: null, headers: {}, data: null })
    expect(JSON.stringify(timeline)).not.toContain('secret')
  })

  test('an address that cannot be read is the fault of who asked', async () => {
    expect(await stage.get('/sagas/%E0')).toMatchObject({ status: 400, body: { code: 'invalid-request' } })
  })

  test('an id that never came is a problem that says so', async () => {
    expect(await stage.get('/sagas/none')).toMatchObject({
      status: 404,
      body: { code: 'saga-not-found', detail: expect.stringContaining('"none"') },
    })
  })

  test('a store that fails is 503, anything else that breaks 500, and the log says why', async () => {
    for (const [error, status, code] of [
      [new RetryableError('gone'), 503, 'store-unavailable'],
      [new Error('broken'), 500, 'internal-error'],
    ] as const) {
      stage.logged.length = 0
      stage.store = { ...stage.store, read: () => Promise.reject(error) }
      expect(await stage.get('/sagas/s1')).toMatchObject({ status, body: { code } })
      expect(stage.logged).toEqual(['a request failed'])
    }
  })
})
