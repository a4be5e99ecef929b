import kafkajs from 'kafkajs'

/** Gives a topic exactly these settings, by Kafka's names, while the broker runs; what it had before and is not named becomes the broker's default. */
export async function setTopicSettings(
  broker: string,
  topic: string,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const admin = new kafkajs.Kafka({ brokers: [broker], logLevel: kafkajs.logLevel.NOTHING }).admin()
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }))
  const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries }
  try {
    await admin.connect()
    await admin.alterConfigs({ validateOnly: false, resources: [resource] })
  } finally {
    await admin.disconnect()
  }
}
