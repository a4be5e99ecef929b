import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Metrics, startMetrics } from '#observability'
import { type HttpServer, type LagReading, type Survey, serveHttp } from '#orchestration'
import { scrape } from '../../test/prometheus-text.ts'
import { observeTracker } from './metrics.ts'

let metrics: Metrics
let server: HttpServer

beforeEach(async () => {
  metrics = startMetrics({ service: 'tracker' })
  server = await serveHttp((_request, response) => void response.end(), 0)
})
afterEach(async () => {
  await server.close()
  await metrics.shutdown()
})

const partition = (topic: string, partition: number, lag: bigint, by: number | null) => ({
  ...{ topic, partition, lag, committed: 0n, end: lag },
  oldest: by === null ? null : { after: 0, by },
})

const lag: LagReading = {
  at: 0,
  error: null,
  groups: [
    {
      ...{ group: 'payment', at: 0, members: 2, history: [] },
      partitions: [
        partition('order.events', 0, 3n, 40_000),
        partition('order.events', 1, 4n, 10_000),
        partition('payment.control', 0, 0n, null),
      ],
    },
    { group: 'shipping', at: 0, members: 0, history: [], partitions: [] },
  ],
}

const surveyed = (cause: string, isStuck: boolean) => ({ why: { cause, responsible: 'payment', isStuck } })

test('lag is told by topic, members by group, and stuck sagas by cause until they go on', async () => {
  let sagas = [surveyed('person', true), surveyed('person', true), surveyed('waiting', false)]
  const end = observeTracker({
    tracker: { lag: () => lag } as Parameters<typeof observeTracker>[0]['tracker'],
    survey: async () => ({ at: 0, sagas, isPartial: false }) as unknown as Survey,
    now: () => 100_000,
  })
  const { value } = await scrape(server.address)
  const events = { messaging_consumer_group_name: 'payment', messaging_destination_name: 'order.events' }
  expect(value('chorus_consumer_lag', events)).toBe(7)
  expect(value('chorus_consumer_delay', events)).toBe(90)
  expect(value('chorus_consumer_delay', { messaging_destination_name: 'payment.control' })).toBe(0)
  expect(value('chorus_consumer_members', { messaging_consumer_group_name: 'shipping' })).toBe(0)
  expect(value('chorus_saga_stuck', { stuck_cause: 'person', stuck_responsible: 'payment' })).toBe(2)
  expect(value('chorus_saga_stuck')).toBe(2)
  sagas = []
  expect((await scrape(server.address)).value('chorus_saga_stuck')).toBe(0)
  end()
})
