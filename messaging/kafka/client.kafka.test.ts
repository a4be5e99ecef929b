import { setTimeout as pass } from 'node:timers/promises'
import { expect, jest, test } from '@jest/globals'
import { kafkaBroker } from './broker.ts'
import { kafkaConfigFromEnvironment } from './config.ts'

jest.setTimeout(30_000)

test('a connection with nothing to do arms no timers', async () => {
  const broker = kafkaBroker(kafkaConfigFromEnvironment())
  const [producer, admin] = await Promise.all([broker.producer(), broker.admin()])
  const armed = jest.spyOn(globalThis, 'setTimeout')
  await pass(500)
  const count = armed.mock.calls.length
  armed.mockRestore()
  await Promise.all([producer.close(), admin.close()])
  expect(count).toBe(0)
})
