import { expect, test } from '@jest/globals'
import { aCapture, aShipment, eventually, serveSandbox, stoppedClock } from './sandbox.fixtures.ts'

test.each([
  ['/payments/captures', aCapture({ paymentToken: 'tok_slow' }), 'captured'],
  ['/shipments', aShipment(undefined, '00002'), 'delivered'],
])('%s with the slow value is answered after 1.5 s', async (path, body, status) => {
  const clock = stoppedClock()
  const sandbox = await serveSandbox({ clock })
  try {
    const reply = sandbox.post(path, body)
    await eventually(() => clock.waiting.length === 1)
    expect(clock.waiting[0]?.ms).toBe(1_500)
    expect(await sandbox.entries(body.orderId)).toEqual([])
    clock.pass()
    expect((await reply).body).toMatchObject({ status })
  } finally {
    await sandbox.close()
  }
})

test('an outage of one party answers 503 to all of its calls until it is ended, and leaves the other party alone', async () => {
  const sandbox = await serveSandbox()
  try {
    const { orderId } = aCapture()
    const down = await sandbox.put('/behaviour', { payment: { outage: true } })
    expect(down.body).toEqual({
      payment: { latencyMs: 0, outage: true, settled: false },
      carrier: { latencyMs: 0, outage: false, settled: false },
    })
    for (const [path, body] of [
      ['/payments/captures', aCapture({ orderId })],
      ['/payments/refunds', { orderId }],
    ] as const) {
      const reply = await sandbox.post(path, body)
      expect(reply).toMatchObject({ status: 503, body: { code: 'outage', status: 503 } })
      expect(reply.type).toContain('application/problem+json')
    }
    expect((await sandbox.post('/shipments', aShipment())).status).toBe(200)
    expect(await sandbox.entries(orderId)).toEqual([])
    await sandbox.put('/behaviour', { payment: { outage: false } })
    expect((await sandbox.post('/payments/captures', aCapture({ orderId }))).status).toBe(200)
  } finally {
    await sandbox.close()
  }
})

test('latency delays every call of a party and adds to the slow values', async () => {
  const clock = stoppedClock()
  const sandbox = await serveSandbox({ clock })
  try {
    await sandbox.put('/behaviour', { carrier: { latencyMs: 40 } })
    expect((await sandbox.get('/behaviour')).body).toMatchObject({ carrier: { latencyMs: 40 } })
    const replies = ['10115', '00002'].map((postcode) =>
      sandbox.post('/shipments', aShipment(undefined, postcode)),
    )
    await eventually(() => clock.waiting.length === 2)
    expect(clock.waiting.map(({ ms }) => ms).sort((a, b) => a - b)).toEqual([40, 1_540])
    clock.pass()
    for (const { body } of await Promise.all(replies)) expect(body.status).toBe('delivered')
  } finally {
    await sandbox.close()
  }
})

test('a behaviour that nobody knows is refused and changes nothing', async () => {
  const sandbox = await serveSandbox()
  try {
    const reply = await sandbox.put('/behaviour', { payment: { latencyMs: -1, outrage: true } })
    expect(reply).toMatchObject({ status: 400, body: { code: 'invalid-request' } })
    expect((await sandbox.get('/behaviour')).body).toMatchObject({ payment: { latencyMs: 0, outage: false } })
  } finally {
    await sandbox.close()
  }
})
