import { describe, expect, test } from '@jest/globals'
import type { OrderApi } from './dependencies.ts'
import { serveApi } from './order-api.fixtures.ts'

async function readyz(readiness: OrderApi['readiness'], { stopping = false } = {}) {
  const api = await serveApi({ readiness, limits: { readinessMs: 30 } })
  try {
    if (stopping) api.stop()
    return { ready: await api.get('/readyz'), live: await api.get('/livez') }
  } finally {
    await api.close()
  }
}

describe('readiness', () => {
  test('is 200 when broker, registry and store are there', async () => {
    const { ready } = await readyz(async () => ({ broker: true, registry: true, store: true }))
    expect([ready.status, ready.body]).toEqual([
      200,
      { status: 'ready', checks: { broker: 'ok', registry: 'ok', store: 'ok' } },
    ])
  })

  test('is 503 and names what is missing, while the process is alive', async () => {
    const { ready, live } = await readyz(async () => ({
      broker: 'has not joined its group',
      registry: true,
      store: true,
    }))
    expect([ready.status, ready.body.code, ready.body.detail]).toEqual([503, 'not-ready', 'Missing: broker.'])
    expect(ready.body.checks).toEqual({ broker: 'has not joined its group', registry: 'ok', store: 'ok' })
    expect([live.status, live.body]).toEqual([200, { status: 'live' }])
  })

  test.each<[string, OrderApi['readiness'], string]>([
    ['fail', () => Promise.reject(new Error('out of order')), 'out of order'],
    ['do not answer', () => new Promise(() => {}), 'no answer within 30 ms'],
  ])('is 503 when the checks %s', async (_, readiness, why) => {
    const { ready } = await readyz(readiness)
    expect([ready.status, ready.body.checks]).toEqual([503, { checks: why }])
  })

  test('is 503 as soon as the process is to stop', async () => {
    const { ready } = await readyz(async () => ({ broker: true }), { stopping: true })
    expect([ready.status, ready.body.checks]).toEqual([503, { process: 'is stopping' }])
  })
})
