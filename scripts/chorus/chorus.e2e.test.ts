import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { contracts } from '#contracts'
import { type Head, systemClock } from '#orchestration'
import { eventually, startRealShop } from '../../test/shop.ts'
import type { ShopOfProcesses } from '../shop/processes.ts'
import type { ServiceName } from '../shop/shop.ts'
import { connectServers } from './connect.ts'
import { chorus } from './program.ts'
import { order } from './stage.fixtures.ts'
import { processTerminal } from './terminal.ts'

const root = join(import.meta.dirname, '../..')
const MONGODB_DATABASE = `chorus-test-${randomUUID()}`
const why = ['--reason', 'its sender is mended']

let shop: ShopOfProcesses

beforeAll(async () => {
  shop = await startRealShop({ withTracker: false, environment: { MONGODB_DATABASE } })
}, 120_000)
afterAll(() => shop?.stop(), 60_000)

type Typed = { readonly code: number; readonly values: readonly Record<string, unknown>[] }

const valuesIn = (lines: readonly string[]) => lines.map((line): Record<string, unknown> => JSON.parse(line))

/** Types a command line in a process of its own, whose output a program reads. */
function typeOutside(...line: string[]): Promise<Typed> {
  return new Promise((resolve) => {
    const env = { ...process.env, MONGODB_DATABASE }
    const child = execFile(join(root, 'chorus'), line, { env, timeout: 60_000 }, (_, out) => {
      resolve({ code: child.exitCode ?? -1, values: valuesIn(out.split('\n').filter(Boolean)) })
    })
  })
}

/** The same in this process, which saves the start of one. */
async function type(...line: string[]): Promise<Typed> {
  const out: string[] = []
  const terminal = {
    ...processTerminal(),
    isRead: false,
    canAsk: false,
    err() {},
    out: (text: string) => void out.push(text),
  }
  const connect = () => connectServers({ ...process.env, MONGODB_DATABASE })
  const addressOf = (name: ServiceName) => shop.addresses[name] ?? ''
  const surroundings = { contracts, clock: systemClock, user: 'ada', connect, addressOf }
  const code = await chorus(line, { ...surroundings, terminal, runningShop: () => undefined })
  return { code, values: valuesIn(out) }
}

async function headOf(orderId: string): Promise<Head | undefined> {
  const [head] = await (await shop.infrastructure.store('order')).readHeads([orderId])
  return head
}

test('an operator finds a record that nobody can read, sees what it holds up, and has the order go on without it', async () => {
  const { broker, codec } = shop.infrastructure
  const orderId = `order-${randomUUID()}`
  const producer = await broker.producer()
  const about = { source: 'order-api', sagaId: orderId, time: Date.now(), trace: {} }
  const captured = codec.encode({
    ...about,
    id: randomUUID(),
    type: 'PaymentCaptured',
    data: { orderId, paymentId: 'p-1', amount: 1450, currency: 'EUR' },
  })
  await producer.send([{ ...captured, value: captured.value?.subarray(0, 9) ?? null }])
  await eventually(async () => expect((await headOf(orderId))?.held).toHaveLength(1))

  const listed = await typeOutside('dead-letters', 'list', '--saga', orderId)
  expect(listed).toMatchObject({
    code: 0,
    values: [{ group: 'order', type: 'PaymentCaptured', saga: orderId }],
  })
  const [{ letter }] = listed.values as [{ letter: string }]
  expect(await type('dead-letters', 'show', letter)).toMatchObject({
    code: 0,
    values: [{ letter, topic: 'payment.events', hold: { row: `${orderId}:1` }, payload: { bytes: 9 } }],
  })

  await producer.send([
    codec.encode({ ...about, id: randomUUID(), type: 'PlaceOrder', data: { ...order, orderId } }),
  ])
  await producer.close()
  await eventually(async () =>
    expect((await headOf(orderId))?.deferred).toMatchObject([{ type: 'PlaceOrder' }]),
  )

  const [dry, redriven] = await Promise.all([
    type('dead-letters', 'discard', letter, '--dry-run'),
    type('dead-letters', 'redrive', letter, ...why),
  ])
  expect(dry).toMatchObject({ code: 0, values: [{ result: 'would discard' }] })
  // Its bytes are as they were: it can still not be read, so it stays open and holds.
  expect(redriven).toMatchObject({ code: 1, values: [{ result: 'ignored' }] })
  expect((await headOf(orderId))?.held).toHaveLength(1)

  const discarded = await type('dead-letters', 'discard', letter, ...why)
  expect(discarded).toMatchObject({ code: 0, values: [{ result: 'discarded' }] })
  expect(discarded.values[0]?.detail).toContain('now paying')
  expect(await type('dead-letters', 'list', '--saga', orderId)).toMatchObject({ code: 0, values: [] })
  await eventually(async () => expect((await headOf(orderId))?.state?.value).toBe('delivered'))
}, 120_000)
