import kafkajs from 'kafkajs'
import type { KafkaConfig } from './config.ts'

/** Tests delete what they created; the port has no need for it. */
export async function deleteTopics({ brokers }: KafkaConfig, topics: readonly string[]): Promise<void> {
  const admin = new kafkajs.Kafka({ brokers: [...brokers] }).admin()
  await admin.connect()
  try {
    await admin.deleteTopics({ topics: [...topics] })
  } finally {
    await admin.disconnect()
  }
}
