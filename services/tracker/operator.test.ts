import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { controlTopic, fold } from '#orchestration'
import { aRow, type OperatorStage, operatorStage } from './operator.fixtures.ts'

let on: OperatorStage
beforeEach(async () => {
  on = await operatorStage()
})
afterEach(() => on.stop())

const by = 'ada'
const reason = 'the sender is mended'

/** Asks until the answer is as it should be. */
async function until(path: string, met: (body: { letters: unknown[]; state: string }) => boolean) {
  const end = performance.now() + 10_000
  for (;;) {
    const { body } = await on.get(path)
    if (met(body)) return body
    if (performance.now() > end) throw new Error(`GET ${path} still answers ${JSON.stringify(body)}`)
    await new Promise(setImmediate)
  }
}

/** From now on payment takes in what it is told. */
async function takeCommands(): Promise<void> {
  const store = await on.infrastructure.store('payment')
  await on.infrastructure.broker.consume({
    groupId: 'payment',
    topics: [controlTopic('payment')],
    assignment: 'standalone',
    handler: {
      async onRecords(records) {
        for (const { key, headers } of records) {
          const sagaId = key ?? ''
          const seq = (await store.history(sagaId)).length + 1
          const { control_id: id = headers.ce_id ?? '', control_by = '', control_reason = '' } = headers
          const cause = {
            kind: 'command',
            id,
            command: 'pause',
            by: control_by,
            reason: control_reason,
          } as const
          await store.insertRows([{ ...aRow(sagaId, seq), cause, released: [`${sagaId}:1`] }])
        }
      },
    },
  })
}

describe('dead letters', () => {
  test('are counted by kind and listed, the newest first, and one is shown without personal data', async () => {
    const id = await on.giveUp('o-1')
    await on.giveUp('o-2')
    const body = await until('/dead-letters', ({ letters }) => letters.length === 2)
    expect(body).toMatchObject({
      groups: [
        { group: 'payment', code: 'CHORUS_UNREADABLE', type: 'OrderCancelled', count: 2, reason: 'torn' },
      ],
      letters: [
        { sagaId: 'o-2' },
        { id, sagaId: 'o-1', holds: true, topic: 'order.events', resolution: null },
      ],
      total: 2,
    })
    expect((await on.get('/dead-letters?saga=o-1')).body.letters).toMatchObject([{ id }])
    expect((await on.get(`/dead-letters/${id}`)).body).toMatchObject({
      id,
      data: { orderId: 'o-1' },
      bytes: null,
      headers: { ce_type: 'OrderCancelled' },
    })
    expect(on.operator.openLetters().map(({ saga }) => saga)).toEqual(['o-1', 'o-2'])
    expect(await on.get('/dead-letters/none')).toMatchObject({
      status: 404,
      body: { code: 'letter-not-found' },
    })
  })

  test('are redriven after a dry run, with progress and a name, and are resolved then', async () => {
    const letters = [await on.giveUp('o-1'), await on.giveUp('o-2')]
    const strange = '00000000-0000-4000-8000-000000000000'
    const dry = await on.post('/dead-letters/redrive', { letters: [...letters, strange], by, dryRun: true })
    expect(dry).toMatchObject({ status: 200, body: { action: 'would redrive', done: 2, failed: 1 } })
    expect(dry.body.items[0].outcome).toBe(
      'would give OrderCancelled to payment again, for row o-1:1, which holds saga o-1',
    )

    await takeCommands()
    const asked = await on.post('/dead-letters/redrive', { letters, by, reason })
    expect(asked).toMatchObject({
      status: 202,
      body: { action: 'redrive', by, reason, total: 2, state: 'running' },
    })
    const operation = await until(`/operations/${asked.body.id}`, ({ state }) => state === 'done')
    expect(operation).toMatchObject({ done: 2, failed: 0, items: [{ ok: true }, { ok: true }] })
    await until('/dead-letters', (body) => body.letters.length === 0)
    expect((await on.get('/dead-letters?all=true')).body.letters).toMatchObject([
      { resolution: { became: 'redriven', by, reason } },
      { resolution: { became: 'redriven', by, reason } },
    ])
    expect((await on.get('/operations')).body.operations).toMatchObject([{ id: asked.body.id, items: [] }])
  })

  test('need a reason and their ids', async () => {
    const [id] = [await on.giveUp('o-1')]
    for (const body of [
      { letters: [id], by },
      { letters: [], by, reason },
      { letters: ['x'], by, reason },
    ])
      expect(await on.post('/dead-letters/discard', body)).toMatchObject({
        status: 400,
        body: { code: 'invalid-request' },
      })
  })
})

describe('commands', () => {
  test('go to the parts that they concern, and what comes of them is told', async () => {
    await on.giveUp('o-1')
    await takeCommands()
    const asked = await on.post('/sagas/o-1/commands', { command: 'pause', by, reason })
    expect(asked).toMatchObject({ status: 202, body: { action: 'pause o-1', total: 1 } })
    expect(await until(`/operations/${asked.body.id}`, ({ state }) => state === 'done')).toMatchObject({
      done: 1,
      items: [{ id: 'payment', outcome: 'applied, now paying' }],
    })
  })

  test('that cannot be done are refused in words, before anything is sent', async () => {
    const store = await on.infrastructure.store('order')
    await store.insertRows([aRow('o-1', 1)])
    await store.writeHeads([fold(null, aRow('o-1', 1))])
    for (const [body, detail] of [
      [{ command: 'retry' }, 'no part of it has an effect under way'],
      [{ command: 'signal', type: 'OrderPaid' }, 'said by order itself'],
      [{ command: 'signal', type: 'RetryRefund' }, 'payment knows no saga o-1'],
    ] as const)
      expect(await on.post('/sagas/o-1/commands', { ...body, by, reason })).toMatchObject({
        status: 409,
        body: { code: 'refused', detail: expect.stringContaining(detail) },
      })
    expect((await on.get('/operations')).body.operations).toEqual([])
  })
})

describe('what would change something', () => {
  const wish = { command: 'pause', by, reason }

  test('is refused unless the tracker was told to take it', async () => {
    const reading = await operatorStage({})
    expect((await reading.get('/settings')).body).toEqual({
      environment: 'local',
      isWritable: false,
      token: null,
    })
    const refused = {
      status: 403,
      body: { code: 'read-only', detail: expect.stringContaining('CONSOLE_WRITE=true') },
    }
    expect(await reading.post('/sagas/o-1/commands', wish)).toMatchObject(refused)
    expect(await reading.post('/dead-letters/redrive', {})).toMatchObject(refused)
    await reading.stop()
  })

  test.each([
    ['without the token of the settings', { 'x-chorus-token': 'guess' }, 'wrong-token'],
    ['from another page', { origin: 'http://evil.example' }, 'foreign-origin'],
    ['as a form', { 'content-type': 'text/plain' }, 'unsupported-media-type'],
  ])('is refused %s', async (_, headers, code) => {
    const { body } = await on.post('/sagas/o-1/commands', wish, headers)
    expect(body).toMatchObject({ code })
    expect((await on.post('/sagas/o-1/commands', wish)).body.code).toBe('refused')
  })

  test('is taken from its own page', async () => {
    const { origin } = new URL(on.address)
    expect((await on.post('/sagas/o-1/commands', wish, { origin })).body.code).toBe('refused')
  })
})

describe('GET /contracts', () => {
  test('tells of each event who says and hears it, its versions, an example and what is personal', async () => {
    const { events } = (await on.get('/contracts')).body
    const placed = events.find(({ type }: { type: string }) => type === 'OrderPlaced')
    expect(placed).toMatchObject({
      owner: 'order',
      topic: 'order.events',
      producers: ['order'],
      consumers: ['payment'],
      personal: expect.arrayContaining(['customerId', 'paymentToken']),
      versions: [{ version: 1, id: expect.any(Number) }],
    })
    expect(events.find(({ type }: { type: string }) => type === 'PlaceOrder').producers).toEqual(['outside'])
  })
})

test('GET /stream tells what has changed', async () => {
  const response = await fetch(`${on.address}/stream`, { signal: AbortSignal.timeout(10_000) })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  await on.giveUp('o-1')
  let text = ''
  while (!text.includes('data:')) text += (await reader?.read())?.value ?? ''
  expect(text).toContain('data: {"type":"dead-letters"}')
  await reader?.cancel()
})
