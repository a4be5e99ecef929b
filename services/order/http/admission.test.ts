import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { json } from 'node:stream/consumers'
import { afterEach, describe, expect, jest, test } from '@jest/globals'
import { v7 } from 'uuid'
import { RetryableError, sender } from '#messaging'
import { type Answer, eventually, type ServedApi, serveApi, twoMugs } from './order-api.fixtures.ts'

jest.setTimeout(90_000)

type Change = Parameters<typeof serveApi>[0]

let api: ServedApi
const serve = async (change: Change = {}) => {
  api = await serveApi({
    ...change,
    limits: { lookMs: 10, lookLimitMs: 50, storeMs: 200, ...change?.limits },
  })
  return api
}
afterEach(() => api.close())

const away = () => Promise.reject(new RetryableError('connection refused'))
const never = () => new Promise<never>(() => {})
const code = ({ status, body }: Answer) => [status, body?.code]

/** Asks until the answer is this one. */
async function until(expected: unknown, ask: () => Promise<Answer>): Promise<Answer> {
  for (const deadline = performance.now() + 10_000; ; ) {
    const answer = await ask()
    if (JSON.stringify(code(answer)) === JSON.stringify(expected)) return answer
    if (performance.now() > deadline) throw new Error(`the answer stays ${code(answer)}`)
  }
}

describe('while Kafka is away', () => {
  test.each([
    ['refuses connections', away],
    ['says nothing', never],
  ])('and %s, commands are refused before anything is done, and reading goes on', async (_, gone) => {
    const kafka = { backlog: async () => 0 }
    const { place, get, call, requests, commands } = await serve({
      backlog: { commands: () => kafka.backlog(), unpaid: async () => 0 },
    })
    const { body } = await place()
    kafka.backlog = gone
    const key = { 'Idempotency-Key': v7() }
    const refused = await until([503, 'broker-unavailable'], () => place())
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0)

    const claim = jest.spyOn(requests, 'claim')
    const before = commands.length
    expect(code(await place(twoMugs, key))).toEqual([503, 'broker-unavailable'])
    const cancelled = await call('POST', `/orders/${body.orderId}/cancellation`, { body: { reason: 'x' } })
    expect(code(cancelled)).toEqual([503, 'broker-unavailable'])
    expect([claim.mock.calls.length, commands.length]).toEqual([0, before])
    expect((await get(`/orders/${body.orderId}`)).status).toBe(200)
    expect((await get('/orders')).status).toBe(200)
  })

  test('nothing that was accepted is lost, and the same key gives the same order when it is back', async () => {
    const kafka = { backlog: async () => 0 }
    const { place, commands } = await serve({
      backlog: { commands: () => kafka.backlog(), unpaid: async () => 0 },
    })
    const key = { 'Idempotency-Key': v7() }
    api.kafka.fails = 1
    expect(code(await place(twoMugs, key))).toEqual([503, 'outcome-unknown'])
    kafka.backlog = away
    await until([503, 'broker-unavailable'], () => place(twoMugs, key))
    kafka.backlog = async () => 0
    const first = await until([202, undefined], () => place(twoMugs, key))
    const again = await place(twoMugs, key)
    expect(again.body.orderId).toBe(first.body.orderId)
    expect(new Set(commands.map(({ id }) => id)).size).toBe(1)
  })
})

describe('while the store is away', () => {
  test('every request is answered in time with 503 and Retry-After, and goes through when it is back', async () => {
    const { place, get, store, requests } = await serve({
      backlog: {
        commands: async () => 0,
        unpaid: () => store.countHeads({ state: 'paying', limit: 1 }),
      },
    })
    const { body } = await place()
    const counts = Promise.withResolvers<number>()
    const spies = [
      jest.spyOn(store, 'readHeads').mockImplementation(never),
      jest.spyOn(store, 'listHeads').mockImplementation(never),
      jest.spyOn(store, 'countHeads').mockImplementation(() => counts.promise),
      jest.spyOn(requests, 'claim').mockImplementation(never),
    ]
    const asks = [() => place(), () => get('/orders'), () => get(`/orders/${body.orderId}`)]
    for (const ask of asks) {
      const { status, headers, body } = await ask()
      expect([status, body.code]).toEqual([503, 'store-unavailable'])
      expect(Number(headers.get('Retry-After'))).toBeGreaterThan(0)
    }
    // Known to be away by now: refused unasked.
    const [read] = spies
    const asked = read?.mock.calls.length
    expect(code(await get(`/orders/${body.orderId}`))).toEqual([503, 'store-unavailable'])
    expect(read?.mock.calls.length).toBe(asked)
    for (const spy of spies) spy.mockRestore()
    counts.resolve(0)
    await until([202, undefined], () => place())
    expect((await get(`/orders/${body.orderId}`)).status).toBe(200)
  })
})

describe('a flood of orders', () => {
  test('is let in up to the bound; the rest is refused at once, and nothing accepted is lost', async () => {
    const stored = new Set<string>()
    const broker = Promise.withResolvers<void>()
    const { send } = sender({
      async send(messages) {
        await broker.promise
        for (const { key } of messages) stored.add(key)
      },
      close: async () => {},
    })
    let atWork = 0
    await serve({
      limits: { inFlight: 100, backlog: 10_000, sendMs: 60_000, storeMs: 60_000, lookLimitMs: 60_000 },
      send: (message) => {
        atWork++
        return send(message)
      },
    })
    let refused = 0
    const answers = await flood(2_000, ({ status }) => {
      // The broker takes so long that all but those at work have their answers before it gives one.
      if (status === 503 && ++refused === 1_900) broker.resolve()
    })
    expect(atWork).toBe(100)
    const accepted = answers.filter(({ status }) => status === 202)
    expect(new Set(accepted.map(({ body }) => body.orderId))).toEqual(stored)
    expect(stored.size).toBe(100)
    for (const { retryAfter, body } of answers.filter(({ status }) => status !== 202)) {
      expect(body).toMatchObject({ status: 503, code: 'too-busy', type: '/docs/problems.md#too-busy' })
      expect(Number(retryAfter)).toBeGreaterThan(0)
    }
  })

  test('is refused once as many orders wait as may, until some are worked off; cancelling stays possible', async () => {
    let workedOff = 0
    const placed = () => api.commands.filter(({ type }) => type === 'PlaceOrder').length
    const { place, call } = await serve({
      backlog: { commands: async () => 0, unpaid: async () => placed() - workedOff },
      limits: { backlog: 10 },
    })
    const [first] = await Promise.all(Array.from({ length: 30 }, () => place()))
    await until([503, 'too-busy'], () => place())
    expect(placed()).toBeLessThanOrEqual(10)
    const cancelled = await call('POST', `/orders/${first?.body.orderId}/cancellation`, {
      body: { reason: 'x' },
    })
    expect(cancelled.status).toBe(202)
    workedOff = placed()
    await until([202, undefined], () => place())
  })

  test('is not caused by those who only wait: they are at work no longer', async () => {
    const { place, get, commands } = await serve({ limits: { inFlight: 2 } })
    const waiting = Array.from({ length: 2 }, () => place(twoMugs, { Prefer: 'wait=2' }))
    await eventually(() => commands.length === 2)
    const { status } = await until([202, undefined], () => place())
    expect(status).toBe(202)
    expect((await get('/orders')).status).toBe(200)
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([202, 202])
  })

  test('never reaches the probes', async () => {
    const { get } = await serve({ limits: { inFlight: 0 } })
    expect(code(await get('/orders'))).toEqual([503, 'too-busy'])
    expect((await get('/livez')).status).toBe(200)
    expect((await get('/readyz')).status).toBe(200)
  })
})

type Flooded = {
  readonly status: number | undefined
  readonly retryAfter: string | undefined
  readonly body: { readonly orderId?: string }
}

/** So many orders at once, over as many connections as a busy machine opens in time. */
async function flood(orders: number, onAnswer: (answer: Flooded) => void): Promise<readonly Flooded[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 300 })
  async function one(): Promise<Flooded> {
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': v7() }
    const sent = request(`${api.url}/orders`, { method: 'POST', headers, agent }).end(JSON.stringify(twoMugs))
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    const body = (await json(response)) as Flooded['body']
    const answer = { status: response.statusCode, retryAfter: response.headers['retry-after'], body }
    onAnswer(answer)
    return answer
  }
  try {
    return await Promise.all(Array.from({ length: orders }, one))
  } finally {
    agent.destroy()
  }
}
