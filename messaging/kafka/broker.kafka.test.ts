import { brokerConformance } from '../broker.conformance.ts'
import { kafkaBroker } from './broker.ts'
import { kafkaConfigFromEnvironment } from './config.ts'
import { deleteTopics } from './topics.fixtures.ts'

const config = kafkaConfigFromEnvironment()

brokerConformance(
  'Kafka',
  () => kafkaBroker(config),
  (topics) => deleteTopics(config, topics),
)
