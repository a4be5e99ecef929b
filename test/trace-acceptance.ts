import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ShopOfProcesses } from '../scripts/shop/processes.ts'
import { endingOf, placeOrder, scenarios } from '../scripts/shop/scenarios.ts'
import { eventually, startRealShop } from './shop.ts'
import { edges, orphans, type ReceivedSpan } from './trace-edges.ts'

/** Where the spans of the services arrive. */
export type TraceReceiver = {
  /** To be given to the services as `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string
  /** The spans of one trace that have arrived so far. */
  trace(traceId: string): Promise<readonly ReceivedSpan[]>
  close(): Promise<void>
}

const placed = [
  'order: POST /orders → order: process order.commands',
  'order: process order.commands → order: send order.events',
  'order: send order.events → payment: process order.events',
  'payment: process order.events → payment: payment.capturePayment',
]

const captured = [
  'payment: payment.capturePayment → payment: POST',
  'payment: POST → sandbox: POST /payments/captures',
  'payment: payment.capturePayment → payment: payment.capturePayment answer',
  'payment: payment.capturePayment answer → payment: send payment.events',
  'payment: send payment.events → order: process payment.events',
]

const paid = [
  'order: process payment.events → order: send order.events',
  'order: send order.events → shipping: process order.events',
  'shipping: process order.events → shipping: shipping.deliverParcel',
  'shipping: shipping.deliverParcel → shipping: shipping.deliverParcel answer',
  'shipping: shipping.deliverParcel answer → shipping: send shipping.events',
  'shipping: send shipping.events → order: process shipping.events',
  'order: process shipping.events → order: send order.events',
]

const refunded = [
  'payment: payment.refundPayment → payment: payment.refundPayment answer',
  'payment: payment.refundPayment answer → payment: send payment.events',
  'payment: send payment.events → order: process payment.events',
]

/** Who caused whom, by the name of the scenario: a new step of the saga is a new line here. */
const expectedEdges: Readonly<Record<string, readonly string[]>> = {
  delivered: [...placed, ...captured, ...paid],
  declined: [...placed, ...captured],
  refused: [
    ...placed,
    ...captured,
    ...paid,
    'payment: process order.events → payment: payment.refundPayment',
    ...refunded,
  ],
  silent: [
    ...placed,
    'order: process order.commands → order: timer paymentPatience',
    'order: timer paymentPatience → order: send order.events',
    'payment: payment.capturePayment answer → payment: payment.refundPayment',
    ...refunded,
  ],
}

/**
 * The acceptance tests of tracing, the same for every receiver: each order is one whole trace with these edges. `more`: tests that go
 * on in the same shop.
 */
export function traceAcceptance(
  name: string,
  startReceiver: () => Promise<TraceReceiver>,
  more: (shop: () => ShopOfProcesses) => void = () => {},
): void {
  describe(`the trace of an order, as ${name} has it`, () => {
    let receiver: TraceReceiver
    let shop: ShopOfProcesses

    beforeAll(async () => {
      receiver = await startReceiver()
      shop = await startRealShop({ environment: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } })
    }, 120_000)
    afterAll(async () => {
      await shop?.stop()
      await receiver?.close()
    }, 60_000)

    test.each(scenarios)(
      'that is $name is one trace, from the request to the last step',
      async (scenario) => {
        const api = shop.addresses.order ?? ''
        const orderId = await placeOrder(api, scenario)
        expect(await endingOf(api, orderId)).toBe(scenario.ending)
        const traceId = await traceIdOf(shop, orderId)
        await eventually(async () => {
          const spans = await receiver.trace(traceId)
          expect(edges(spans)).toEqual(expect.arrayContaining([...(expectedEdges[scenario.name] ?? [])]))
          expect(orphans(spans)).toEqual([])
          expect(anonymous(spans, orderId)).toEqual([])
        })
        expect(await traceIdsOf(shop, orderId)).toEqual([traceId])
      },
      60_000,
    )
    more(() => shop)
  })
}

/** Spans of the order's own services that do not say whose they are, those of instrumentations too. */
function anonymous(spans: readonly ReceivedSpan[], orderId: string): string[] {
  return spans
    .filter(({ service }) => service !== 'sandbox')
    .filter(({ attributes }) => attributes['saga.id'] !== orderId || attributes['order.id'] !== orderId)
    .map(({ service, name }) => `${service}: ${name}`)
}

async function traceIdOf(shop: ShopOfProcesses, orderId: string): Promise<string> {
  const [traceId] = await traceIdsOf(shop, orderId)
  if (!traceId) throw new Error(`order ${orderId} has no row with a trace`)
  return traceId
}

/** The trace ids of all rows of all participants. */
async function traceIdsOf({ infrastructure }: ShopOfProcesses, orderId: string): Promise<string[]> {
  const stores = await Promise.all(['order', 'payment', 'shipping'].map(infrastructure.store))
  const rows = (await Promise.all(stores.map((store) => store.history(orderId)))).flat()
  return [...new Set(rows.flatMap(({ trace }) => trace.traceparent?.split('-')[1] ?? []))]
}
