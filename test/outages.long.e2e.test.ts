import { randomUUID } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { anyPorts, type Infrastructure, startInfrastructure, wipeData } from '../infra/index.ts'
import { prepareServers } from '../scripts/shop/prepare.ts'
import type { ShopOfProcesses } from '../scripts/shop/processes.ts'
import { endingOf, orderBody, placeOrder } from '../scripts/shop/scenarios.ts'
import { eventually, startRealShop } from './shop.ts'

const patient = { ORDER_PAYMENT_PATIENCE: '120000', PAYMENT_CAPTURE_DEADLINE: '120000' }
const straight = { paymentToken: 'tok_ok', postcode: '10115' }
/** What one call of the API may take at most, by its own limits and a busy machine. */
const callLimit = 15_000

const folder = mkdtempSync(join(tmpdir(), 'chorus-outages-'))
let servers: Infrastructure
let shop: ShopOfProcesses
let api: string

/** Servers of its own: the other tests would not like it if theirs were killed. */
beforeAll(async () => {
  const none = { KAFKA_BOOTSTRAP_SERVERS: '', SCHEMA_REGISTRY_URL: '', MONGODB_URI: '' }
  servers = await startInfrastructure({
    mode: 'local',
    parts: ['kafka', 'registry', 'store'],
    ports: anyPorts,
    dataFolder: join(folder, 'data'),
    environment: { ...process.env, ...none },
    progress: 'silent',
  })
  Object.assign(process.env, servers.environment)
  // On a busy machine a registry that has just started is slow to answer.
  await eventually(async () => void (await prepareServers(process.env)), 60_000)
  // No time-out may end an order here: an outage may last.
  shop = await startRealShop({ withTracker: false, environment: patient })
  api = shop.addresses.order ?? ''
}, 180_000)

afterAll(async () => {
  await shop?.stop()
  await servers?.stop()
  await wipeData(join(folder, 'data'))
}, 60_000)

function server(name: string) {
  const found = servers.processes.find((process) => process.name === name)
  if (!found) throw new Error(`no ${name} among ${servers.processes.map((process) => process.name)}`)
  return found
}

async function ask(path: string, key?: string) {
  const response = await fetch(api + path, {
    ...(key && {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(orderBody(straight)),
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
    await server(name).kill()
    const key = randomUUID()
    await untilRefused(code, '/orders', key)
    if (name === 'kafka') expect((await ask(`/orders/${accepted}`)).status).toBe(200)
    else await untilRefused(code, `/orders/${accepted}`)

    await server(name).restart()
    const asked = await untilAccepted(key)
    expect(await untilAccepted(key)).toBe(asked)
    await allDelivered(accepted, asked)
  }, 120_000)
})

test('services start without the registry, from the contracts that it gave before', async () => {
  await server('registry').kill()
  for (const name of ['order', 'payment'] as const) {
    await shop.kill(name)
    await shop.restart(name)
  }
  await allDelivered(await untilAccepted(randomUUID()))
  await server('registry').restart()
}, 120_000)
