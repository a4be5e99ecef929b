import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { v7, version as versionOf } from 'uuid'
import { systemClock } from '#orchestration'
import {
  eventually,
  placedAndPaid,
  type ServedApi,
  serveApi,
  shipmentDelivered,
  twoMugs,
} from './order-api.fixtures.ts'

let api: ServedApi
beforeEach(async () => {
  api = await serveApi({ limits: { sendMs: 200 } })
})
afterEach(() => api.close())

describe('a request that is repeated days later', () => {
  const day = 24 * 60 * 60 * 1000
  let today: ServedApi
  let days = 0
  beforeEach(async () => {
    days = 0
    today = await serveApi({ clock: { ...systemClock, now: () => Date.now() + days * day } })
  })
  afterEach(() => today.close())

  test('gets the order that it led to, and its command is not said again', async () => {
    const headers = { 'Idempotency-Key': v7() }
    const { body } = await today.place(twoMugs, headers)
    const command = today.commands[0]
    if (!command) throw new Error('no command')
    await today.tell(body.orderId, ...placedAndPaid(body, command), shipmentDelivered(body.orderId))
    days = 2
    const again = await today.place(twoMugs, headers)
    expect(again).toMatchObject({ status: 201, body: { orderId: body.orderId, state: 'delivered' } })
    expect(today.commands).toHaveLength(1)
  })

  test('is refused when there is no order, which could be a purged one that must not begin again', async () => {
    const headers = { 'Idempotency-Key': v7() }
    await today.place(twoMugs, headers)
    days = 2
    const { status, body } = await today.place(twoMugs, headers)
    expect([status, body.code]).toEqual([422, 'idempotency-key-expired'])
    expect(today.commands).toHaveLength(1)
  })
})

describe('placing an order', () => {
  test('answers 202 with the order and its address once the command is in Kafka', async () => {
    const { status, headers, body } = await api.place()
    expect(status).toBe(202)
    expect(headers.get('Location')).toBe(`/orders/${body.orderId}`)
    expect(body).toMatchObject({
      state: 'accepted',
      ended: false,
      amount: 2900,
      currency: 'EUR',
      history: [],
    })
    expect(api.commands).toHaveLength(1)
    expect(api.commands[0]).toMatchObject({
      type: 'PlaceOrder',
      sagaId: body.orderId,
      data: {
        ...twoMugs,
        orderId: body.orderId,
        amount: 2900,
        items: [{ ...twoMugs.items[0], unitPrice: 1450 }],
      },
    })
  })

  test('gives orders ids that sort by time', async () => {
    const first = await api.place()
    const second = await api.place()
    expect(versionOf(first.body.orderId)).toBe(7)
    expect(first.body.orderId < second.body.orderId).toBe(true)
  })

  test('a GET right after the 202 shows the order as accepted', async () => {
    const { headers, body } = await api.place()
    const shown = await api.get(headers.get('Location') ?? '')
    expect(shown.status).toBe(200)
    expect(shown.body).toEqual(body)
  })

  test('refuses a body that brings its own amount, and points at it', async () => {
    const { status, body } = await api.place({ ...twoMugs, amount: 1 })
    expect(status).toBe(400)
    expect(body.code).toBe('invalid-request')
    expect(body.errors[0].detail).toContain('amount')
  })

  test('points at every fault of a body', async () => {
    const items = [{ sku: 'MUG-1', quantity: 0 }]
    const { body } = await api.place({ ...twoMugs, items, shipTo: { ...twoMugs.shipTo, country: 'Germany' } })
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '#/items/0/quantity',
      '#/shipTo/country',
    ])
    expect(api.commands).toEqual([])
  })

  test('refuses what the shop does not sell', async () => {
    const { status, body } = await api.place({
      ...twoMugs,
      items: [...twoMugs.items, { sku: 'GOLD', quantity: 1 }],
    })
    expect(status).toBe(422)
    expect(body).toMatchObject({ code: 'unknown-sku', errors: [{ pointer: '#/items/1/sku' }] })
  })
})

describe('the idempotency key', () => {
  test('is required', async () => {
    const { status, body } = await api.call('POST', '/orders', { body: twoMugs })
    expect(status).toBe(400)
    expect(body.code).toBe('idempotency-key-missing')
  })

  test.each(['', 'with blank', 'ü', 'x'.repeat(201), '"a"b"'])('is refused when it is %p', async (key) => {
    const { status, body } = await api.place(twoMugs, { 'Idempotency-Key': key })
    expect([status, body.code]).toEqual([400, 'idempotency-key-invalid'])
  })

  test('is the same key with and without the quotes of the draft', async () => {
    const bare = await api.place(twoMugs, { 'Idempotency-Key': 'abc' })
    const quoted = await api.place(twoMugs, { 'Idempotency-Key': '"abc"' })
    expect(quoted.body.orderId).toBe(bare.body.orderId)
  })

  test('with the same body gives the same order, produced again under the same event id', async () => {
    const key = { 'Idempotency-Key': v7() }
    const first = await api.place(twoMugs, key)
    const second = await api.place(twoMugs, key)
    expect(second.status).toBe(202)
    expect(second.headers.get('Location')).toBe(first.headers.get('Location'))
    expect(second.body).toEqual(first.body)
    expect(api.commands).toHaveLength(2)
    expect(api.commands[1]).toEqual(api.commands[0])
  })

  test('does not care how the same body is spelled', async () => {
    const key = { 'Idempotency-Key': v7() }
    const { customerId, ...rest } = twoMugs
    const first = await api.place({ customerId, ...rest }, key)
    const second = await api.place({ ...rest, customerId: ` ${customerId} ` }, key)
    expect(second.body.orderId).toBe(first.body.orderId)
  })

  test('with another body is refused and places nothing', async () => {
    const key = { 'Idempotency-Key': v7() }
    await api.place(twoMugs, key)
    const { status, body } = await api.place({ ...twoMugs, items: [{ sku: 'MUG-1', quantity: 3 }] }, key)
    expect([status, body.code]).toEqual([422, 'idempotency-key-reused'])
    expect(api.commands).toHaveLength(1)
  })

  test('makes one order of 50 simultaneous requests', async () => {
    const key = { 'Idempotency-Key': v7() }
    const answers = await Promise.all(Array.from({ length: 50 }, () => api.place(twoMugs, key)))
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(202))
    expect(new Set(answers.map(({ headers }) => headers.get('Location'))).size).toBe(1)
    expect(new Set(api.commands.map(({ id }) => id)).size).toBe(1)
    expect(new Set(api.commands.map(({ sagaId }) => sagaId)).size).toBe(1)
  })
})

describe('when Kafka does not acknowledge', () => {
  test('the outcome is unknown: 503, and the same key leads to the same order and event id', async () => {
    const key = { 'Idempotency-Key': v7() }
    api.kafka.fails = 2
    for (const _ of [1, 2]) {
      const { status, headers, body } = await api.place(twoMugs, key)
      expect([status, body.code]).toEqual([503, 'outcome-unknown'])
      expect(Number(headers.get('Retry-After'))).toBeGreaterThan(0)
    }
    const answers = [await api.place(twoMugs, key), await api.place(twoMugs, key)]
    expect(answers.map(({ status }) => status)).toEqual([202, 202])
    expect(new Set(answers.map(({ body }) => body.orderId)).size).toBe(1)
    expect(new Set(api.commands.map(({ id }) => id)).size).toBe(1)
  })

  test('and says nothing at all, the client still gets its 503 in time', async () => {
    const silent = await serveApi({ send: () => new Promise(() => {}), limits: { sendMs: 20 } })
    try {
      const { status, body } = await silent.place()
      expect([status, body.code]).toEqual([503, 'outcome-unknown'])
    } finally {
      await silent.close()
    }
  })
})

describe('Prefer: wait', () => {
  test('answers 201 with the whole order when it has ended in time', async () => {
    const answer = api.place(twoMugs, { Prefer: 'respond-async, wait=20' })
    const command = await eventually(() => api.commands[0])
    await api.tell(command.sagaId, ...placedAndPaid({ orderId: command.sagaId }, command))
    await api.tell(command.sagaId, shipmentDelivered(command.sagaId))
    const { status, headers, body } = await answer
    expect(status).toBe(201)
    expect(headers.get('Preference-Applied')).toBe('wait=20')
    expect(headers.get('Location')).toBe(`/orders/${command.sagaId}`)
    expect(body).toMatchObject({ state: 'delivered', ended: true })
    expect(body.history).toHaveLength(3)
  })

  test('answers 202 with the order as it stands when the time is over', async () => {
    const answer = api.place(twoMugs, { Prefer: 'wait=1' })
    const command = await eventually(() => api.commands[0])
    await api.tell(command.sagaId, ...placedAndPaid({ orderId: command.sagaId }, command))
    const { status, body } = await answer
    expect([status, body.state, body.ended]).toEqual([202, 'shipping', false])
  })

  test('is cut to the longest wait', async () => {
    const short = await serveApi({ limits: { waitSeconds: 1 } })
    try {
      const { headers, status } = await short.place(twoMugs, { Prefer: 'wait=999' })
      expect([status, headers.get('Preference-Applied')]).toEqual([202, 'wait=1'])
    } finally {
      await short.close()
    }
  })

  test.each(['wait=soon', 'wait=-1', 'wait=0', 'waiting=3'])(
    'that cannot be read is ignored: %s',
    async (Prefer) => {
      const { status, headers } = await api.place(twoMugs, { Prefer })
      expect([status, headers.get('Preference-Applied')]).toEqual([202, null])
    },
  )

  test('is not honoured when too many wait already', async () => {
    const full = await serveApi({ limits: { watches: 0 } })
    try {
      const { status, headers } = await full.place(twoMugs, { Prefer: 'wait=20' })
      expect([status, headers.get('Preference-Applied')]).toEqual([202, null])
    } finally {
      await full.close()
    }
  })

  test('ends at once when the process stops', async () => {
    const answer = api.place(twoMugs, { Prefer: 'wait=30' })
    await eventually(() => api.commands[0])
    api.stop()
    expect((await answer).status).toBe(202)
  })
})
