import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import {
  eventually,
  placedAndPaid,
  type ServedApi,
  serveApi,
  shipmentDelivered,
} from './order-api.fixtures.ts'

let api: ServedApi
let orderId: string
beforeEach(async () => {
  api = await serveApi({ limits: { heartbeatMs: 20 } })
  orderId = (await api.place()).body.orderId
})
afterEach(() => api.close())

const paid = () => api.tell(orderId, ...placedAndPaid({ orderId }, api.commands[0] as never))
const delivered = () => api.tell(orderId, shipmentDelivered(orderId))

/** Opens the stream and reads it; `until` resolves with all text so far once it contains `part`, `end` when the stream has ended. */
async function follow(headers: Record<string, string> = {}) {
  const connection = new AbortController()
  const response = await fetch(`${api.url}/orders/${orderId}/events`, { headers, signal: connection.signal })
  const chunks = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  async function read(): Promise<boolean> {
    const { done, value } = await chunks.read()
    text += value ?? ''
    return !done
  }
  return {
    response,
    leave: () => connection.abort(),
    async until(part: string) {
      while (!text.includes(part)) if (!(await read())) throw new Error(`ended without ${part}: ${text}`)
      return text
    },
    async end() {
      while (await read());
      return text
    },
  }
}

const idsIn = (text: string) => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))
const dataIn = (text: string) =>
  [...text.matchAll(/^data: (.+)$/gm)].map(([, data]) => JSON.parse(data ?? ''))

describe('following an order', () => {
  test('tells every step as it happens and ends with the order', async () => {
    const stream = await follow()
    expect(stream.response.headers.get('Content-Type')).toBe('text/event-stream; charset=utf-8')
    await stream.until(': still here')
    await paid()
    await stream.until('id: 2')
    await delivered()
    const text = await stream.end()
    expect(idsIn(text)).toEqual([1, 2, 3])
    expect(dataIn(text).map(({ state }) => state)).toEqual(['paying', 'shipping', 'delivered'])
    const { body } = await api.get(`/orders/${orderId}`)
    expect(dataIn(text)).toEqual(body.history)
  })

  test('resumes after the last event that the client has seen', async () => {
    await paid()
    const stream = await follow({ 'Last-Event-ID': '1' })
    await stream.until('id: 2')
    await delivered()
    expect(idsIn(await stream.end())).toEqual([2, 3])
  })

  test.each(['', 'x', '-1', '99'])(
    'starts over or goes on when the last event id is %p, and never hangs',
    async (id) => {
      await paid()
      const stream = await follow({ 'Last-Event-ID': id })
      await delivered()
      expect(idsIn(await stream.end()).at(-1)).toBe(3)
    },
  )

  test('tells the whole story of an order that has ended, then ends', async () => {
    await paid()
    await delivered()
    expect(idsIn(await (await follow()).end())).toEqual([1, 2, 3])
  })

  test('answers 204 to a client that has seen the end, so that it stays away', async () => {
    await paid()
    await delivered()
    expect((await follow({ 'Last-Event-ID': '3' })).response.status).toBe(204)
  })

  test('sends heartbeats while nothing happens', async () => {
    const stream = await follow()
    const text = await stream.until(': still here\n\n: still here\n\n: still here')
    expect(idsIn(text)).toEqual([])
    stream.leave()
  })

  test('answers 404 for an order that nobody placed', async () => {
    const { status, body } = await api.get('/orders/unknown/events')
    expect([status, body.code]).toEqual([404, 'order-not-found'])
  })

  test('answers HEAD without holding the connection', async () => {
    const { status, headers } = await api.call('HEAD', `/orders/${orderId}/events`)
    expect([status, headers.get('Content-Type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
    expect((await api.get('/livez')).status).toBe(200)
  })

  test('ends when the process stops', async () => {
    const stream = await follow()
    await stream.until(': still here')
    api.stop()
    expect(idsIn(await stream.end())).toEqual([])
  })

  test('ends when the store breaks, so that the client comes back for the rest', async () => {
    const { readRows } = api.store
    api.store.readRows = () => Promise.reject(new Error('down'))
    await paid()
    expect(idsIn(await (await follow()).end())).toEqual([])
    api.store.readRows = readRows
    await delivered()
    expect(idsIn(await (await follow()).end())).toEqual([1, 2, 3])
  })
})

describe('a client that leaves', () => {
  test('before its order is read leaves no watch behind', async () => {
    const connection = new AbortController()
    const reads: string[] = []
    const narrow = await serveApi({
      limits: { watches: 1 },
      requests: api.requests,
      store: {
        ...api.store,
        async readHeads(ids) {
          reads.push(...ids)
          if (reads.length > 1) return api.store.readHeads(ids)
          connection.abort()
          await eventually(() => narrow.lines.some((line) => line.includes('the client left')))
          return api.store.readHeads(ids)
        },
      },
    })
    const path = `${narrow.url}/orders/${orderId}/events`
    try {
      await expect(fetch(path, { signal: connection.signal })).rejects.toThrow('abort')
      await eventually(() => reads.length > 0)
      const next = await fetch(path)
      expect(next.status).toBe(200)
      await next.body?.cancel()
    } finally {
      await narrow.close()
    }
  })

  test('makes room for the next one and is not read for any more', async () => {
    const narrow = await serveApi({ limits: { watches: 1 }, store: api.store, requests: api.requests })
    const path = `${narrow.url}/orders/${orderId}/events`
    try {
      const connection = new AbortController()
      const first = await fetch(path, { signal: connection.signal })
      expect(first.status).toBe(200)
      const refused = await narrow.get(`/orders/${orderId}/events`)
      expect([refused.status, refused.body.code]).toEqual([503, 'too-many-streams'])

      connection.abort()
      await eventually(() => narrow.lines.some((line) => line.includes('the client left')))
      const next = await fetch(path)
      expect(next.status).toBe(200)
      await next.body?.cancel()
    } finally {
      await narrow.close()
    }
  })
})
