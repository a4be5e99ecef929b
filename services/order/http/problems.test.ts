import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { v7 } from 'uuid'
import { eventually, type ServedApi, serveApi, twoMugs } from './order-api.fixtures.ts'
import { problems, problemsPage } from './problems.ts'

let api: ServedApi
beforeEach(async () => {
  api = await serveApi({ limits: { bodyBytes: 2_000 } })
})
afterEach(() => api.close())

const withKey = () => ({ 'Idempotency-Key': v7(), 'Content-Type': 'application/json' })

describe('every refusal is a problem document', () => {
  test('with its type, title, status, detail, instance and code', async () => {
    const { headers, body } = await api.get('/orders/42?x=1')
    expect(headers.get('Content-Type')).toMatch(/^application\/problem\+json/)
    expect(body).toEqual({
      type: '/docs/problems.md#order-not-found',
      title: 'There is no such order',
      status: 404,
      detail: 'Nobody has placed an order 42.',
      instance: '/orders/42',
      code: 'order-not-found',
    })
  })

  test('for an address where nothing is', async () => {
    for (const path of ['/', '/order', '/orders/1/2/3', '/docs/nothing']) {
      const { status, headers, body } = await api.get(path)
      expect([status, body.code]).toEqual([404, 'route-not-found'])
      expect(headers.get('Content-Type')).toMatch(/^application\/problem\+json/)
    }
  })

  test.each([
    ['DELETE', '/orders', 'GET, POST'],
    ['PUT', '/orders/1', 'GET'],
    ['GET', '/orders/1/cancellation', 'POST'],
    ['POST', '/orders/1/events', 'GET'],
    ['POST', '/livez', 'GET'],
    ['POST', '/readyz', 'GET'],
  ])('for the method %s at %s, with the methods that work', async (method, path, allowed) => {
    const response = await fetch(api.url + path, { method })
    expect([response.status, response.headers.get('Allow')]).toEqual([405, allowed])
    expect(await response.json()).toMatchObject({ code: 'method-not-allowed' })
  })

  test.each(['{"customerId": "Ada Example"', 'null', '42', '"text"', 'customerId=1'])(
    'for the body %s, without repeating it',
    async (raw) => {
      const { status, body, text } = await api.call('POST', '/orders', { raw, headers: withKey() })
      expect([status, body.code]).toEqual([400, 'invalid-json'])
      expect(text).not.toContain('Ada')
      expect(api.lines.join()).not.toContain('Ada')
    },
  )

  test('for no body at all', async () => {
    const { status, body } = await api.call('POST', '/orders', { headers: { 'Idempotency-Key': v7() } })
    expect([status, body.code]).toEqual([400, 'invalid-request'])
  })

  test('for a body above the limit', async () => {
    const { status, body } = await api.place({ ...twoMugs, customerId: 'x'.repeat(2_000) })
    expect([status, body.code]).toEqual([413, 'body-too-large'])
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1'])(
    'for a body as %s',
    async (type) => {
      const { status, body } = await api.place(twoMugs, { 'Content-Type': type })
      expect([status, body.code]).toEqual([415, 'unsupported-media-type'])
    },
  )

  test('for a body in an encoding that nobody knows', async () => {
    const { status, body } = await api.place(twoMugs, { 'Content-Encoding': 'zip' })
    expect([status, body.code]).toEqual([415, 'unsupported-media-type'])
  })

  test('for an address that cannot be decoded', async () => {
    const { status, body } = await api.get('/orders/%E0%A4%A')
    expect([status, body.code]).toEqual([400, 'invalid-request'])
  })

  test('for a fault of ours, with nothing of its insides in the answer and all of it in the log', async () => {
    const broken = await serveApi({
      ids: () => {
        throw new Error('the dice are gone')
      },
    })
    try {
      const { status, body, text } = await broken.place()
      expect([status, body.code]).toEqual([500, 'internal-error'])
      expect(text).not.toContain('dice')
      expect(broken.lines.join()).toContain('the dice are gone')
    } finally {
      await broken.close()
    }
  })
})

describe('the rate limit', () => {
  test('answers 429 with Retry-After, but never to probes', async () => {
    const slow = await serveApi({ limits: { requestsPerMinute: 2 } })
    try {
      const statuses = [await slow.get('/orders'), await slow.get('/orders'), await slow.get('/orders')]
      expect(statuses.map(({ status }) => status)).toEqual([200, 200, 429])
      expect(statuses[2]?.body.code).toBe('too-many-requests')
      expect(Number(statuses[2]?.headers.get('Retry-After'))).toBeGreaterThan(0)
      expect((await slow.get('/livez')).status).toBe(200)
      expect((await slow.get('/readyz')).status).toBe(200)
    } finally {
      await slow.close()
    }
  })

  test('counts by the address that a trusted proxy names', async () => {
    const behind = await serveApi({ limits: { requestsPerMinute: 1, trustedProxies: 1 } })
    try {
      const from = (address: string) => behind.get('/orders', { 'X-Forwarded-For': address })
      const answers = [await from('203.0.113.1'), await from('203.0.113.2'), await from('203.0.113.1')]
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 429])
    } finally {
      await behind.close()
    }
  })

  test('is not fooled by a header when no proxy is trusted', async () => {
    const direct = await serveApi({ limits: { requestsPerMinute: 1 } })
    try {
      const from = (address: string) => direct.get('/orders', { 'X-Forwarded-For': address })
      expect([(await from('203.0.113.1')).status, (await from('203.0.113.2')).status]).toEqual([200, 429])
    } finally {
      await direct.close()
    }
  })
})

describe('what the API gives away', () => {
  test('helmet’s headers, and not what it is made of', async () => {
    const { headers } = await api.get('/livez')
    expect(headers.get('X-Powered-By')).toBeNull()
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(headers.get('Content-Security-Policy')).toContain("default-src 'self'")
  })

  test('no personal data in the log, whatever becomes of the order', async () => {
    const key = v7()
    api.kafka.fails = 1
    await api.place(twoMugs, { 'Idempotency-Key': key })
    const { body } = await api.place(twoMugs, { 'Idempotency-Key': key })
    await api.place({ ...twoMugs, items: [] })
    await api.place({ ...twoMugs, paymentToken: { card: '4111' } })
    await api.call('POST', `/orders/${body.orderId}/cancellation`, {
      body: { reason: 'Ada changed her mind' },
    })
    const log = api.lines.join('\n')
    expect(log).toContain('"status":202')
    expect(log).toContain('outcome-unknown')
    for (const secret of ['Ada', 'Main Street', 'Berlin', '10115', 'tok_ok', 'customer-1', '4111', key]) {
      expect(log).not.toContain(secret)
    }
  })

  test('one line for a client that leaves before its answer', async () => {
    const { body } = await api.place()
    const waits: unknown[] = []
    const { readHeads } = api.store
    api.store.readHeads = (ids) => {
      waits.push(ids)
      return readHeads(ids)
    }
    const { port } = new URL(api.url)
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(`GET /orders/${body.orderId} HTTP/1.1\r\nHost: x\r\nPrefer: wait=30\r\n\r\n`)
    // The server has the request once it waits for the order.
    await eventually(() => waits.length > 0)
    socket.destroy()
    await eventually(() => api.lines.some((line) => line.includes('the client left')))
  })
})

test('docs/problems.md explains every code with its status, and no other', () => {
  const page = readFileSync(join(import.meta.dirname, '../../..', problemsPage), 'utf8')
  const explained = [...page.matchAll(/^## (\S+)\n\n(\d{3})\. /gm)].map(([, code, status]) => [
    code,
    Number(status),
  ])
  expect(explained).toEqual(Object.entries(problems).map(([code, [status]]) => [code, status]))
  expect(page.match(/^## /gm)).toHaveLength(explained.length)
})

test('the page that problems point at is served', async () => {
  const response = await fetch(api.url + problemsPage)
  expect(response.status).toBe(200)
  expect(await response.text()).toContain('## outcome-unknown')
})
