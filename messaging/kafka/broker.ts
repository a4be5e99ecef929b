import type { Broker } from '../broker.ts'
import { measuredBroker } from '../measured-broker.ts'
import { kafkaAdmin } from './admin.ts'
import type { KafkaConfig } from './config.ts'
import { kafkaConsumer } from './consumer.ts'
import { kafkaProducer } from './producer.ts'
import { defaultSettings, type KafkaSettings } from './settings.ts'

/** The broker port on a Kafka cluster, measured. Each producer, consumer and admin has connections of its own. */
export function kafkaBroker(config: KafkaConfig, given: Partial<KafkaSettings> = {}): Broker {
  const settings = { ...defaultSettings(config), ...given }
  const broker: Broker = {
    producer: () => kafkaProducer(config, settings),
    consume: (options) => kafkaConsumer(config, options, settings),
    admin: () => kafkaAdmin(config, settings),
  }
  return measuredBroker(broker, 'kafka')
}
