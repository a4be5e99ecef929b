import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { PoisonError } from '#messaging'
import { type RunningService, systemClock } from '#orchestration'
import { silent } from '../../orchestration/faults.fixtures.ts'
import { order as orderService } from '../../services/order/main.ts'
import { order, type Stage, stage } from './stage.fixtures.ts'

const why = ['--reason', 'the code is mended']
const traceparent = '00-11111111111111111111111111111111-2222222222222222-01'
let on: Stage
let service: RunningService
let understands: boolean

/** The real order service; while it does not understand, orders are unreadable to it. */
beforeEach(async () => {
  on = await stage()
  understands = true
  const { codec } = on.infrastructure
  service = await orderService.start({
    infrastructure: {
      ...on.infrastructure,
      codec: {
        ...codec,
        decode(record) {
          if (!understands && record.headers.ce_type === 'PlaceOrder') throw new PoisonError('not understood')
          return codec.decode(record)
        },
      },
    },
    environment: { ORDER_PORT: '0' },
    clock: systemClock,
    log: silent,
    onFatal: (error) => {
      throw error
    },
  })
})
afterEach(() => service.stop())

async function place(sagaId: string): Promise<void> {
  const event = {
    id: `e-${sagaId}`,
    type: 'PlaceOrder',
    source: 'api',
    sagaId,
    time: 1,
    trace: { traceparent },
  }
  const producer = await on.infrastructure.broker.producer()
  await producer.send([on.infrastructure.codec.encode({ ...event, data: { ...order, orderId: sagaId } })])
}

async function rowsOf(sagaId: string) {
  return await (await on.infrastructure.store('order')).history(sagaId)
}

async function until(met: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 2_000; i++) {
    if (await met()) return
    await new Promise(setImmediate)
  }
  throw new Error('waited in vain')
}

test('a redriven letter is taken in by the service where it was held, within its trace', async () => {
  understands = false
  await place('o-1')
  const letters = async () => (await on.type(['dead-letters', 'list'])).values
  await until(async () => (await letters()).length > 0)

  expect(await letters()).toMatchObject([
    { group: 'order', saga: 'o-1', row: 'o-1:1', reason: 'not understood' },
  ])
  const redrive = () => on.type(['dead-letters', 'redrive', '--saga', 'o-1', ...why])
  expect(await redrive()).toMatchObject({ code: 1, values: [{ result: 'ignored' }] })

  understands = true
  expect(await redrive()).toMatchObject({ code: 0, values: [{ detail: 'redriven, applied, now paying' }] })
  expect(await letters()).toEqual([])
  const rows = await rowsOf('o-1')
  expect(rows.map(({ cause, outcome }) => `${cause.kind} ${outcome}`)).toEqual([
    'poison held',
    'command ignored',
    'command applied',
  ])
  expect(rows.at(-1)).toMatchObject({
    cause: { by: 'ada', reason: 'the code is mended' },
    released: ['o-1:1'],
  })
  const [placed] = await on.records('order.events')
  expect(placed?.headers).toMatchObject({ ce_type: 'OrderPlaced', traceparent })
})

test('an order that is paused keeps its cancellation until it is resumed', async () => {
  await place('o-1')
  await until(async () => (await rowsOf('o-1')).length > 0)
  const saga = (...line: string[]) => on.type(['saga', ...line, 'o-1', ...why])
  expect(await saga('pause')).toMatchObject({ code: 0, values: [{ result: 'applied' }] })
  expect(await saga('pause')).toMatchObject({
    code: 1,
    values: [{ detail: 'ignored: it is paused already' }],
  })
  expect(await saga('cancel')).toMatchObject({ code: 0, values: [{ result: 'deferred' }] })
  expect(await saga('resume')).toMatchObject({ code: 0, values: [{ detail: 'applied, now cancelling' }] })
  expect(await saga('retry')).toMatchObject({
    code: 1,
    values: [],
    err: expect.stringContaining('nothing to retry'),
  })
  const [first] = await rowsOf('o-1')
  for (const { trace } of await rowsOf('o-1')) expect(trace).toEqual(first?.trace)
})
