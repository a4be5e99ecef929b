import { afterAll, expect, jest, test } from '@jest/globals'
import { type Testbed, testbed } from '../broker.fixtures.ts'
import { kafkaBroker } from './broker.ts'
import { kafkaConfigFromEnvironment } from './config.ts'
import { deleteTopics } from './topics.fixtures.ts'

const config = kafkaConfigFromEnvironment()
jest.setTimeout(30_000)

let bed: Testbed

afterAll(async () => {
  await bed.close()
  await deleteTopics(config, bed.topics)
})

test('an admin still answers after a topic that it was asked about is gone', async () => {
  bed = await testbed(kafkaBroker(config))
  const gone = await bed.topic()
  await bed.admin.lag('nobody', [gone])
  await deleteTopics(config, bed.topics.splice(0))
  const fresh = await bed.topic()
  expect((await bed.admin.lag('nobody', [fresh])).partitions).toHaveLength(4)
})
