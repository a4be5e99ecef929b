import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { answerWithMetrics, type Metrics, startMetrics } from '#observability'
import { scrape } from '../test/prometheus-text.ts'
import type { Broker, OutgoingMessage } from './broker.ts'
import { RetryableError } from './errors.ts'
import { measuredBroker } from './measured-broker.ts'
import { memoryBroker } from './memory/broker.ts'

let metrics: Metrics
let server: Server
let address: string
let inner: Broker

beforeEach(async () => {
  metrics = startMetrics({ service: 'choir' })
  server = createServer(answerWithMetrics).listen(0, '127.0.0.1')
  await once(server, 'listening')
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  inner = memoryBroker()
  const admin = await inner.admin()
  await admin.createTopics(['songs', 'sighs'].map((name) => ({ name, partitions: 1 })))
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await metrics.shutdown()
})

const message = (topic: string): OutgoingMessage => ({ topic, key: 'k', value: null, headers: {} })
const song = { messaging_system: 'kafka', messaging_destination_name: 'songs' }

test('what is sent, delivered and committed is counted by topic and timed', async () => {
  const broker = measuredBroker(inner, 'kafka')
  const heard = Promise.withResolvers<void>()
  let songs = 0
  const consumer = await broker.consume({
    groupId: 'alto',
    topics: ['songs'],
    assignment: 'co-partitioned',
    handler: {
      onRecords(records) {
        songs += records.length
        if (songs === 2) heard.resolve()
      },
    },
  })
  const producer = await broker.producer()
  await producer.send([message('songs'), message('songs'), message('sighs')])
  await heard.promise
  await consumer.commit([{ topic: 'songs', partition: 0, offset: 2n }])
  const { value } = await scrape(address)
  expect(value('messaging_client_sent_messages_total', song)).toBe(2)
  expect(value('messaging_client_sent_messages_total')).toBe(3)
  const delivered = { ...song, messaging_consumer_group_name: 'alto', messaging_operation_name: 'poll' }
  expect(value('messaging_client_consumed_messages_total', delivered)).toBe(2)
  for (const messaging_operation_name of ['send', 'commit'])
    expect(value('messaging_client_operation_duration_count', { messaging_operation_name })).toBe(1)
  await consumer.close()
  await producer.close()
})

test('what could not be sent says why, and fails as before', async () => {
  const away = new RetryableError('the broker is away', { code: 'E_AWAY' })
  const deaf: Broker = {
    ...inner,
    producer: async () => ({ send: () => Promise.reject(away), close: async () => {} }),
  }
  const producer = await measuredBroker(deaf, 'kafka').producer()
  await expect(producer.send([message('songs')])).rejects.toBe(away)
  const { value } = await scrape(address)
  expect(value('messaging_client_sent_messages_total', { ...song, error_type: 'E_AWAY' })).toBe(1)
  expect(value('messaging_client_operation_duration_count', { error_type: 'E_AWAY' })).toBe(1)
})
