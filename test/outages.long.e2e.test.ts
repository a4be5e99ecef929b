import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { orderBody, straight } from '../scripts/shop/example-order.ts'
import type { ShopOfProcesses } from '../scripts/shop/processes.ts'
import { endingOf, placeOrder } from '../scripts/shop/scenarios.ts'
import { type OwnServers, startOwnServers } from './own-servers.ts'
import { eventually, startRealShop } from './shop.ts'

const patient = { ORDER_PAYMENT_PATIENCE: '120000', PAYMENT_CAPTURE_DEADLINE: '120000' }
/** What one call of the API may take at most, by its own limits and a busy machine. */
const callLimit = 15_000

let servers: OwnServers
let shop: ShopOfProcesses
let api: string

beforeAll(async () => {
  servers = await startOwnServers()
  // No time-out may end an order here: an outage may last.
  shop = await startRealShop({ withTracker: false, environment: patient })
  api = shop.addresses.order ?? ''
}, 180_000)

afterAll(async () => {
  await shop?.stop()
  await servers?.stop()
}, 60_000)

async function ask(path: string, key?: string) {
  const response = await fetch(api + path, {
    ...(key && {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(orderBody()),
    }),
    signal: AbortSignal.timeout(callLimit),
  })
  const { code } = (await response.json()) as { code?: string }
  return { status: response.status, code, retryAfter: Number(response.headers.get('retry-after')) }
}

/** Each answer on the way comes in time and is either a success or a 503 that says when to come back. */
async function untilRefused(code: string, path: string, key?: string): Promise<void> {
  await eventually(async () => {
    const answer = await ask(path, key)
    if (answer.status >= 300) expect(answer).toMatchObject({ status: 503, retryAfter: expect.any(Number) })
    expect(answer.code).toBe(code)
    expect(answer.retryAfter).toBeGreaterThan(0)
  }, 30_000)
}

async function untilAccepted(key: string): Promise<string> {
  let orderId = ''
  await eventually(async () => {
    orderId = await placeOrder(api, straight, key)
  }, 30_000)
  return orderId
}

async function allDelivered(...orderIds: readonly string[]): Promise<void> {
  const endings = await Promise.all(orderIds.map((id) => endingOf(api, id, 60_000)))
  expect(endings).toEqual(orderIds.map(() => 'delivered'))
}

describe.each([
  ['Kafka', 'kafka', 'broker-unavailable'],
  ['the store', 'store', 'store-unavailable'],
])('while %s is away', (_, name, code) => {
  test('the API says 503 and when to come back; what it accepted before and after ends well', async () => {
    const accepted = await placeOrder(api, straight)
    await servers.server(name).kill()
    const key = randomUUID()
    await untilRefused(code, '/orders', key)
    if (name === 'kafka') expect((await ask(`/orders/${accepted}`)).status).toBe(200)
    else await untilRefused(code, `/orders/${accepted}`)

    await servers.server(name).restart()
    const asked = await untilAccepted(key)
    expect(await untilAccepted(key)).toBe(asked)
    await allDelivered(accepted, asked)
  }, 120_000)
})

test('services start without the registry, from the contracts that it gave before', async () => {
  await servers.server('registry').kill()
  for (const name of ['order', 'payment'] as const) {
    await shop.kill(name)
    await shop.restart(name)
  }
  await allDelivered(await untilAccepted(randomUUID()))
  await servers.server('registry').restart()
}, 120_000)
