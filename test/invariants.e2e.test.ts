import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { kafkaBroker, kafkaConfigFromEnvironment } from '#messaging'
import { amount } from '../scripts/shop/example-order.ts'
import { prepareServers } from '../scripts/shop/prepare.ts'
import type { ShopOfProcesses } from '../scripts/shop/processes.ts'
import { endingOf, placeOrder, type Scenario, scenarios } from '../scripts/shop/scenarios.ts'
import {
  type AcceptedOrder,
  checkInvariants,
  collectEvidence,
  endsOf,
  type Positions,
  replayAll,
  runTopics,
  seenSpans,
} from './invariants/index.ts'
import { type OtlpEndpoint, startOtlpEndpoint } from './otlp-endpoint.ts'
import { eventually, startRealShop } from './shop.ts'

const count = 60
const customers = 6
/** Two mugs. */

/** So much that a busy machine makes no good order a late one. */
const patience = {
  ORDER_PAYMENT_PATIENCE: '10000',
  PAYMENT_CALL_TIMEOUT: '4000',
  PAYMENT_CAPTURE_DEADLINE: '12000',
}

/** Every second order goes the straight way, the others share the ways back. */
function scenarioOf(index: number): Scenario {
  const [straight, ...back] = scenarios
  return (index % 2 === 0 ? straight : back[((index - 1) / 2) % back.length]) as Scenario
}

let spans: OtlpEndpoint
let from: Positions
let shop: ShopOfProcesses

beforeAll(async () => {
  await prepareServers(process.env)
  from = await endsOf(kafkaBroker(kafkaConfigFromEnvironment(process.env)), runTopics)
  spans = await startOtlpEndpoint()
  shop = await startRealShop({ environment: { ...patience, OTEL_EXPORTER_OTLP_ENDPOINT: spans.url } })
}, 120_000)
afterAll(async () => {
  await shop?.stop()
  await spans?.close()
}, 60_000)

test(`${count} mixed orders on real servers, and all they said a second time, break no invariant`, async () => {
  const api = shop.addresses.order ?? ''
  const orders: AcceptedOrder[] = []
  async function customer(first: number): Promise<void> {
    for (let index = first; index < count; index += customers) {
      const { name, ending, ...scenario } = scenarioOf(index)
      const orderId = await placeOrder(api, scenario)
      orders.push({ orderId, acceptedAt: Date.now(), amount, path: name, endings: [ending] })
    }
  }
  await Promise.all(Array.from({ length: customers }, (_, first) => customer(first)))
  await Promise.all(orders.map(({ orderId }) => endingOf(api, orderId)))
  const replay = await replayAll(shop, { from })
  expect(replay.records).toBeGreaterThan(count * 10)

  // Spans are sent every half second.
  await eventually(async () => {
    const evidence = await collectEvidence(
      shop,
      {
        orders,
        paths: scenarios,
        faults: [],
        withKills: false,
        calmSince: 0,
        limitMs: 60_000,
        spans: seenSpans(spans.spans()),
        replay,
      },
      { from },
    )
    expect(checkInvariants(evidence)).toEqual([])
  })
}, 120_000)
