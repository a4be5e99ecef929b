import { randomUUID } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { anyPorts, withFreePorts } from '../infra/ports.ts'
import { waitUntil } from '../infra/wait.ts'
import { prepareServers } from '../scripts/shop/prepare.ts'
import { type ShopOfProcesses, startProcesses } from '../scripts/shop/processes.ts'
import { demonstrationSettings, type Shop, type ShopOptions } from '../scripts/shop/shop.ts'
import { participants, type Scene, topState } from '../services/cast.ts'

/** Shorter than the demonstration's where nothing but a wait depends on it: a busy machine must not look like a partner who is late. */
export const testSettings = {
  ...demonstrationSettings,
  PAYMENT_CALL_TIMEOUT: '1000',
  PAYMENT_REFUND_PAUSE: '200',
  SHIPPING_RECALL_PAUSE: '200',
  ORDER_RATE_LIMIT: '100000',
  LOG_LEVEL: 'warn',
} as const

/** A shop on the real servers that the environment names, in a database of its own. Fails, never skips, when they are not there. */
export async function startRealShop(
  options: Partial<Pick<ShopOptions, 'environment' | 'withTracker'>> = {},
): Promise<ShopOfProcesses> {
  for (const name of ['KAFKA_BOOTSTRAP_SERVERS', 'SCHEMA_REGISTRY_URL', 'MONGODB_URI']) {
    if (!process.env[name])
      throw new Error(`${name} is not set: run this through \`npm test\`, which starts the servers`)
  }
  await prepareServers(process.env)
  const folder = mkdtempSync(join(tmpdir(), 'chorus-shop-'))
  const ledger = join(folder, 'ledger.jsonl')
  const settings = {
    ...testSettings,
    MONGODB_DATABASE: `chorus-test-${randomUUID()}`,
    SANDBOX_LEDGER: ledger,
    ...options.environment,
  }
  const { order, payment, shipping, tracker, sandbox } = await withFreePorts(anyPorts)
  return await startProcesses({
    ...options,
    environment: { ...process.env, ...settings },
    ports: { order, payment, shipping, tracker, sandbox },
    logs: join(folder, 'logs'),
  })
}

/** In which state each participant's part of these orders is. */
export async function scenes(
  { infrastructure }: Shop,
  orderIds: readonly string[],
): Promise<Map<string, Scene>> {
  const found = new Map<string, Scene>(
    orderIds.map((id) => [id, { order: 'absent', payment: 'absent', shipping: 'absent' }]),
  )
  for (const name of Object.keys(participants) as (keyof Scene)[]) {
    const store = await infrastructure.store(name)
    for (const { _id, state } of await store.readHeads(orderIds)) {
      const scene = found.get(_id)
      if (scene && state) found.set(_id, { ...scene, [name]: topState(state.value) })
    }
  }
  return found
}

export type Balance = {
  readonly orderId: string
  readonly captured: number
  readonly refunded: number
  readonly delivered: boolean
}

/** What really happened to money and parcels, as seen from outside of Chorus. */
export async function balances({ addresses }: Shop): Promise<Map<string, Balance>> {
  const response = await fetch(`${addresses.sandbox}/ledger/balance`, { signal: AbortSignal.timeout(10_000) })
  const list = (await response.json()) as Balance[]
  return new Map(list.map((balance) => [balance.orderId, balance]))
}

/** Tries until `check` no longer throws, for at most `limit` ms. */
export function eventually(check: () => Promise<void>, limit = 20_000): Promise<void> {
  return waitUntil(check, { limitMs: limit })
}
