import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from '@jest/globals'
import { type Purchase, place } from './customer.ts'
import { type Path, paths, straight } from './paths.ts'

let server: Server
const asked: { url: string | undefined; key: string | undefined }[] = []

afterEach(async () => {
  asked.length = 0
  server.closeAllConnections()
  server.close()
})

type Answer = (response: ServerResponse, request: IncomingMessage) => void
const say =
  (status: number, body: object = {}): Answer =>
  (response) =>
    response
      .writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' })
      .end(JSON.stringify(body))
const accept = say(202, { orderId: 'order-1' })

/** An API that gives these answers, one after the other. */
async function apiThat(...answers: Answer[]): Promise<string> {
  server = createServer((request, response) => {
    asked.push({ url: request.url, key: request.headers['idempotency-key'] as string | undefined })
    request.resume()
    answers.shift()?.(response, request)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function purchaseOf(path: Path): Purchase {
  return { key: 'key-1', path, askedAt: Date.now(), accepted: null, answers: {} }
}

const cancelling = paths.find(({ cancels }) => cancels) as Path
const patience = () => AbortSignal.timeout(10_000)

test('a customer insists with the same key through refusals and broken connections', async () => {
  const broken: Answer = (response) => response.destroy()
  const api = await apiThat(say(503), broken, say(429), accept)
  const purchase = purchaseOf(straight)
  await place(purchase, { api: () => api, signal: patience() })
  expect(purchase.accepted).toMatchObject({ orderId: 'order-1' })
  expect(purchase.answers).toEqual({ '503': 1, 'no answer': 1, '429': 1, '202': 1 })
  expect(asked).toEqual(Array.from({ length: 4 }, () => ({ url: '/orders', key: 'key-1' })))
})

test('one who changes his mind cancels under a key of its own, and takes "it has ended" for an answer', async () => {
  const api = await apiThat(accept, say(503), say(409))
  await place(purchaseOf(cancelling), { api: () => api, signal: patience() })
  expect(asked.map(({ url }) => url)).toEqual(['/orders', ...Array(2).fill('/orders/order-1/cancellation')])
  expect(new Set(asked.slice(1).map(({ key }) => key))).toEqual(new Set(['key-1-c']))
})

test('a refusal for good is told', async () => {
  const api = await apiThat(say(422, { code: 'idempotency-key-reused' }))
  await expect(place(purchaseOf(straight), { api: () => api, signal: patience() })).rejects.toThrow(
    'POST /orders answers 422: {"code":"idempotency-key-reused"}',
  )
})

test('a customer goes when the shop is closed', async () => {
  const api = await apiThat(...Array.from({ length: 9 }, () => say(503)))
  const purchase = purchaseOf(straight)
  await place(purchase, { api: () => api, signal: AbortSignal.timeout(700) })
  expect(purchase.accepted).toBeNull()
})
