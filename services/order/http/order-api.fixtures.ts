import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { v7 } from 'uuid'
import { contracts } from '#contracts'
import { createCodec, type Envelope, memoryRegistry, type OutgoingMessage, RetryableError } from '#messaging'
import type { Logger } from '#observability'
import { decide, fold, type Head, memoryStore, participant, type Store, systemClock } from '#orchestration'
import { orderMachine } from '../machine.ts'
import { orderApi } from './app.ts'
import type { Limits, OrderApi } from './dependencies.ts'
import { memoryRequests } from './memory-requests.ts'
import { undocumented } from './openapi.fixtures.ts'
import type { RequestStore } from './requests.ts'
import type { OrderDocument } from './schemas.ts'

export const orderPart = participant({
  name: 'order',
  version: '1',
  machine: orderMachine,
  effects: {},
  contracts,
  input: { paymentPatience: 60_000 },
})

/** A body that the API accepts: two mugs for 29.00 EUR. */
export const twoMugs = {
  customerId: 'customer-1',
  items: [{ sku: 'MUG-1', quantity: 2 }],
  paymentToken: 'tok_ok',
  shipTo: { name: 'Ada Example', street: 'Main Street 1', city: 'Berlin', postcode: '10115', country: 'DE' },
}

export type Answer = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests read any document; its shape was checked against the OpenAPI document.
  readonly body: any
}

export type CallOptions = {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as it is. */
  readonly raw?: string
}

export type ServedApi = Awaited<ReturnType<typeof serveApi>>

/** The API on a free port over memory stores; every answer is checked against the OpenAPI document. `commands` collects what reached Kafka. */
export async function serveApi(
  change: Partial<Omit<OrderApi, 'limits'>> & { limits?: Partial<Limits> } = {},
) {
  const store: Store = memoryStore()
  const requests: RequestStore = memoryRequests()
  const codec = await createCodec({ contracts, registry: memoryRegistry(contracts) })
  const commands: Envelope[] = []
  const lines: string[] = []
  const stop = new AbortController()
  const kafka = { fails: 0 }

  async function send(message: OutgoingMessage): Promise<void> {
    if (kafka.fails > 0) {
      kafka.fails -= 1
      throw new RetryableError('no acknowledgement')
    }
    const record = { ...message, partition: 0, offset: 0n, timestamp: 0 }
    commands.push(await codec.decode(record))
  }

  const { limits, ...rest } = change
  const app = orderApi({
    store,
    requests,
    codec,
    send,
    backlog: { commands: async () => 0, unpaid: async () => 0 },
    readiness: async () => ({ broker: true, store: true }),
    clock: systemClock,
    ids: () => v7(),
    log: logTo(lines),
    stopping: stop.signal,
    ...rest,
    limits: { pollMs: 5, requestsPerMinute: Number.POSITIVE_INFINITY, ...limits },
  })
  // On a busy machine a client may come back later than the default allows, just when its connection is closed.
  const server = createServer({ keepAliveTimeout: 60_000 }, app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function call(
    method: string,
    path: string,
    { body, headers = {}, raw }: CallOptions = {},
  ): Promise<Answer> {
    const content = raw ?? (body === undefined ? undefined : JSON.stringify(body))
    const type: Record<string, string> = body === undefined ? {} : { 'Content-Type': 'application/json' }
    const response = await fetch(url + path, {
      method,
      headers: { ...type, ...headers },
      ...(content !== undefined && { body: content }),
    })
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('json') && method !== 'HEAD'
    const answer = {
      status: response.status,
      headers: response.headers,
      text,
      body: json ? JSON.parse(text) : undefined,
    }
    const fault = undocumented(method, path, answer)
    if (fault) throw new Error(fault)
    return answer
  }

  return {
    url,
    commands,
    lines,
    kafka,
    store,
    requests,
    call,
    get: (path: string, headers?: Record<string, string>) =>
      call('GET', path, { ...(headers && { headers }) }),
    place: (body: unknown = twoMugs, headers: Record<string, string> = {}) =>
      call('POST', '/orders', { body, headers: { 'Idempotency-Key': v7(), ...headers } }),
    /** Takes events into the order's journal, as the participant would. */
    tell: (orderId: string, ...events: readonly Said[]) => tell(store, orderId, events),
    /** As the process does before it stops. */
    stop: () => stop.abort(),
    async close() {
      stop.abort()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

type Said = { readonly type: string; readonly id?: string; readonly data?: Readonly<Record<string, unknown>> }

/** What the order hears when all goes well, from the command on. */
export function placedAndPaid(order: Pick<OrderDocument, 'orderId'>, command: Envelope): readonly Said[] {
  const { orderId } = order
  return [
    { type: 'PlaceOrder', id: command.id, data: command.data },
    { type: 'PaymentCaptured', data: { orderId, paymentId: 'p1', amount: 2900, currency: 'EUR' } },
  ]
}

export function shipmentDelivered(orderId: string): Said {
  return { type: 'ShipmentDelivered', data: { orderId, shipmentId: 's1', trackingNumber: 't1' } }
}

async function tell(store: Store, orderId: string, events: readonly Said[]): Promise<Head> {
  let [head = null] = await store.readHeads([orderId])
  for (const { type, id = v7(), data = {} } of events) {
    const now = Date.now()
    const event = { id, type, source: 'test', sagaId: orderId, time: now, trace: {}, data }
    const at = { topic: 'test', partition: 0, offset: '0' }
    const context = { sagaId: orderId, partition: 0, now, attempt: v7(), trace: {} }
    const row = decide(orderPart, head, { kind: 'event', event, at }, context)
    if (typeof row === 'string') throw new Error(`${type} makes no row: ${row}`)
    await store.insertRows([row])
    head = fold(head, row)
    await store.writeHeads([head])
  }
  if (!head) throw new Error('nothing was told')
  return head
}

function logTo(lines: string[]): Logger {
  const write = (message: string, fields = {}) => {
    lines.push(
      JSON.stringify([message, fields], (_, value) => (value instanceof Error ? value.stack : value)),
    )
  }
  const log: Logger = { debug: write, info: write, warn: write, error: write, child: () => log }
  return log
}

/** Resolves with the first thing that `look` finds; rejects when it has found nothing for five seconds. */
export async function eventually<T>(look: () => T | undefined | false): Promise<T> {
  const deadline = performance.now() + 5_000
  for (;;) {
    const found = look()
    if (found) return found
    if (performance.now() > deadline) throw new Error(`it did not come true: ${look}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
