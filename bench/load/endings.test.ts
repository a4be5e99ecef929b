import { expect, test } from '@jest/globals'
import { topics } from '#contracts'
import { memoryBroker } from '#messaging'
import { watchEndings } from './endings.ts'

async function stage() {
  const broker = memoryBroker()
  const admin = await broker.admin()
  await admin.createTopics(topics)
  const producer = await broker.producer()
  const endings = await watchEndings(broker, (error) => {
    throw error
  })
  const say = (topic: string, type: string, key: string) =>
    producer.send([{ topic, key, value: Buffer.alloc(0), headers: { ce_type: type } }])
  return { endings, say }
}

test('an order has ended when its last word was said: delivered, or refunded', async () => {
  const { endings, say } = await stage()
  const ended = ['a', 'b'].map((orderId) => endings.of(orderId))
  await say('order.events', 'OrderPaid', 'a')
  await say('payment.events', 'PaymentCaptured', 'b')
  expect(endings.open()).toBe(2)
  const before = performance.now()
  await say('order.events', 'OrderDelivered', 'a')
  await say('payment.events', 'PaymentRefunded', 'b')
  for (const at of await Promise.all(ended)) expect(at).toBeGreaterThanOrEqual(before)
  expect(endings.open()).toBe(0)
  await endings.close()
})

test('an ending that was seen before its order was known counts from when it was seen', async () => {
  const { endings, say } = await stage()
  const first = endings.of('first')
  await say('order.events', 'OrderDelivered', 'early')
  await say('order.events', 'OrderDelivered', 'first')
  await first
  const seen = performance.now()
  expect(await endings.of('early')).toBeLessThanOrEqual(seen)
  await endings.close()
})
