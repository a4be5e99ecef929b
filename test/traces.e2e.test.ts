import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ShopOfProcesses } from '../scripts/shop/processes.ts'
import { endingOf, placeOrder, scenarios } from '../scripts/shop/scenarios.ts'
import { type OtlpEndpoint, startOtlpEndpoint } from './otlp-endpoint.ts'
import { startRealShop } from './shop.ts'
import { expectedEdges } from './shop-traces.ts'
import { edges, orphans, type ReceivedSpan } from './trace-edges.ts'

describe('the trace of an order', () => {
  let endpoint: OtlpEndpoint
  let shop: ShopOfProcesses

  beforeAll(async () => {
    endpoint = await startOtlpEndpoint()
    shop = await startRealShop({ environment: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint.url } })
  }, 120_000)
  afterAll(async () => {
    await shop?.stop()
    await endpoint?.close()
  }, 60_000)

  test.each(scenarios)(
    'that is $name is one trace, from the request to the last step',
    async (scenario) => {
      const api = shop.addresses.order ?? ''
      const orderId = await placeOrder(api, scenario)
      expect(await endingOf(api, orderId)).toBe(scenario.ending)
      const wanted = expectedEdges[scenario.name] ?? []
      const trace = () => traceOf(endpoint.spans(), orderId)
      const isWhole = () =>
        wanted.every((edge) => edges(trace()).includes(edge)) && orphans(trace()).length === 0
      // What is missing is said by the assertions below.
      await endpoint.waitFor(isWhole, 20_000).catch(() => {})
      expect(edges(trace())).toEqual(expect.arrayContaining([...wanted]))
      expect(orphans(trace())).toEqual([])
      expect(new Set(ofSaga(endpoint.spans(), orderId).map(({ traceId }) => traceId)).size).toBe(1)
    },
    60_000,
  )
})

function ofSaga(spans: readonly ReceivedSpan[], orderId: string): readonly ReceivedSpan[] {
  return spans.filter(({ attributes }) => attributes['saga.id'] === orderId)
}

function traceOf(spans: readonly ReceivedSpan[], orderId: string): readonly ReceivedSpan[] {
  const traceId = ofSaga(spans, orderId)[0]?.traceId
  return spans.filter((span) => span.traceId === traceId)
}
