import { afterEach, beforeEach, expect, test } from '@jest/globals'
import express from 'express'
import { createLogger } from '#observability'
import { type HttpServer, serveHttp } from '#orchestration'
import { answerProblems } from './problem.ts'
import { traceRoutes } from './traces.ts'

const began = 1_795_435_044_000
const definitions = {
  newest: () =>
    ['order', 'payment'].map((participant) => ({
      ...{ participant, version: '1', definition: {}, listensTo: [] },
    })),
}

/** As Jaeger 1.76 answers `/api/traces`: times in microseconds, services in `processes`. */
function span(spanID: string, processID: string, more: object) {
  return {
    traceID: 't1',
    spanID,
    processID,
    operationName: `span ${spanID}`,
    duration: 1_500,
    references: [],
    ...more,
  }
}
const first = span('a', 'p1', {
  startTime: began * 1_000,
  tags: [{ key: 'saga.seq', type: 'int64', value: 1 }],
})
const second = span('b', 'p2', {
  startTime: began * 1_000 + 2_500,
  references: [{ refType: 'CHILD_OF', traceID: 't1', spanID: 'a' }],
  tags: [{ key: 'otel.status_code', type: 'string', value: 'ERROR' }],
})
const trace = {
  traceID: 't1',
  spans: [second, first],
  processes: { p1: { serviceName: 'order', tags: [] }, p2: { serviceName: 'payment', tags: [] } },
  warnings: null,
}

let jaeger: HttpServer
let asked: URLSearchParams[]
let page: string
let status: number
beforeEach(async () => {
  asked = []
  page = '<div id="jaeger-ui-root"></div>'
  status = 200
  const app = express()
    .get('/api/traces', (req, res) => {
      asked.push(new URL(req.url, 'http://jaeger').searchParams)
      res.status(status).json({ data: [trace], errors: null })
    })
    .get('/', (_req, res) => void res.send(page))
  jaeger = await serveHttp(app, 0)
})
afterEach(() => jaeger.close())

async function ask(sagaId: string, address: string | undefined = jaeger.address) {
  const routes = traceRoutes({
    jaeger: address,
    definitions,
    beganAt: async (id) => (id === 's1' ? began : undefined),
    now: () => began + 5_000,
  })
  const server = await serveHttp(
    express()
      .use(routes)
      .use(answerProblems(createLogger({ service: 'test', level: 'silent' }))),
    0,
  )
  try {
    const response = await fetch(`${server.address}/sagas/${sagaId}/trace`)
    return { status: response.status, body: await response.json() }
  } finally {
    await server.close()
  }
}

test('every service is asked for the saga, from its beginning; a trace that several know is told once, by time', async () => {
  const { status, body } = await ask('s1')
  expect(status).toBe(200)
  expect(asked.map((query) => query.get('service')).sort()).toEqual(['order', 'payment'])
  expect(JSON.parse(asked[0]?.get('tags') ?? '')).toEqual({ 'saga.id': 's1' })
  expect(Number(asked[0]?.get('start'))).toBeLessThan(began * 1_000)
  const shared = { traceId: 't1', duration: 1.5 }
  expect(body).toEqual({
    spans: [
      {
        ...{ ...shared, spanId: 'a', parentId: null, service: 'order', name: 'span a', offset: 0 },
        ...{ startedAt: new Date(began).toISOString(), isError: false, attributes: { 'saga.seq': '1' } },
      },
      {
        ...{ ...shared, spanId: 'b', parentId: 'a', service: 'payment', name: 'span b', offset: 2.5 },
        startedAt: new Date(began + 2).toISOString(),
        ...{ isError: true, attributes: { 'otel.status_code': 'ERROR' } },
      },
    ],
    link: `${jaeger.address}/trace/{traceId}`,
  })
})

test('a Jaeger without its page is not linked to', async () => {
  page = 'This is not the page you are looking for'
  expect((await ask('s1')).body).toMatchObject({ link: null })
})

test('where no traces are to be had, the answer says why', async () => {
  const unavailable = { status: 503, body: { code: 'traces-unavailable' } }
  expect(await ask('s1', '')).toMatchObject(unavailable)
  status = 500
  expect(await ask('s1')).toMatchObject({ ...unavailable, body: { detail: expect.stringContaining('500') } })
  await jaeger.close()
  expect(await ask('s1')).toMatchObject(unavailable)
  expect(await ask('s2')).toMatchObject({ status: 404, body: { code: 'saga-not-found' } })
})
