import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '#observability'
import { type Clock, serveHttp, systemClock } from '#orchestration'
import { sandboxApp } from './app.ts'
import { type Entry, openLedger } from './ledger.ts'

export type ServedSandbox = Awaited<ReturnType<typeof serveSandbox>>

type Reply = { status: number; type: string; body: Record<string, unknown> }
type Call = { key?: string | undefined; timeout?: number }

/** A sandbox on a free port, with a ledger file of its own unless it is given one. Each `post` has an idempotency key of its own, unless it is given one. */
export async function serveSandbox({ file, clock = systemClock }: { file?: string; clock?: Clock } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
  const ledger = await openLedger(file ?? join(folder, 'ledger.jsonl'))
  const log = createLogger({ service: 'sandbox', level: 'silent' })
  const server = await serveHttp(sandboxApp({ ledger, clock, log }), 0)
  const { address } = server

  async function request(path: string, init: RequestInit): Promise<Reply> {
    const response = await fetch(address + path, init)
    const type = response.headers.get('content-type') ?? ''
    return { status: response.status, type, body: (await response.json()) as Record<string, unknown> }
  }

  function send(method: string, path: string, body: unknown, call: Call = {}): Promise<Reply> {
    const key = 'key' in call ? call.key : randomUUID()
    return request(path, {
      method,
      headers: { 'content-type': 'application/json', ...(key !== undefined && { 'idempotency-key': key }) },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...(call.timeout !== undefined && { signal: AbortSignal.timeout(call.timeout) }),
    })
  }

  return {
    address,
    ledger,
    post: (path: string, body: unknown, call?: Call) => send('POST', path, body, call),
    put: (path: string, body: unknown) => send('PUT', path, body),
    get: (path: string) => request(path, {}),
    async entries(orderId: string) {
      const { body } = await request(`/ledger?orderId=${orderId}`, {})
      return body as unknown as Record<string, unknown>[]
    },
    async balance(orderId: string) {
      const { body } = await request('/ledger/balance', {})
      return (body as unknown as Record<string, unknown>[]).find((entry) => entry.orderId === orderId)
    },
    async close() {
      await server.close()
      await ledger.close()
      await rm(folder, { recursive: true })
    },
  }
}

export function aCapture(fields: Record<string, unknown> = {}) {
  return { orderId: randomUUID(), amount: 2_150, currency: 'EUR', paymentToken: 'tok_ok', ...fields }
}

export function aShipment(orderId: string = randomUUID(), postcode = '10115') {
  const shipTo = { name: 'Ada Example', street: 'Main Street 1', city: 'Berlin', postcode, country: 'DE' }
  return { orderId, items: [{ sku: 'mug', quantity: 2 }], shipTo }
}

export function anEntry(orderId: string): Entry {
  return {
    kind: 'capture',
    orderId,
    idempotencyKey: randomUUID(),
    requestHash: 'hash',
    at: 1,
    amount: 100,
    currency: 'EUR',
    answer: { status: 'captured', paymentId: 'pay_1' },
  }
}

/** A clock that stands still: `pass` runs what is scheduled. */
export function stoppedClock() {
  const waiting: { ms: number; task: () => void }[] = []
  return {
    now: () => 1_000,
    schedule(ms: number, task: () => void) {
      waiting.push({ ms, task })
      return () => {}
    },
    waiting,
    pass() {
      for (const { task } of waiting.splice(0)) task()
    },
  }
}

/** Waits until the condition holds, for 3 s at most. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + 3_000
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error(`still not: ${condition}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
