import { topics } from '#contracts'
import { type Broker, kafkaBroker, kafkaConfigFromEnvironment } from '#messaging'

/** Creates the shop's topics that do not exist yet; resolves to their names. */
export async function createTopics(broker: Broker): Promise<readonly string[]> {
  const admin = await broker.admin()
  try {
    return await admin.createTopics(topics)
  } finally {
    await admin.close()
  }
}

async function run(): Promise<void> {
  const created = new Set(await createTopics(kafkaBroker(kafkaConfigFromEnvironment())))
  for (const { name, partitions } of topics) {
    console.log(
      `${created.has(name) ? 'created' : 'exists '}  ${name.padEnd(18)} ${String(partitions).padStart(3)} partitions`,
    )
  }
}

function report(error: unknown): void {
  const fix = 'start Kafka (npm run up) and set KAFKA_BOOTSTRAP_SERVERS'
  console.error(`✗ the topics were not created\n  Why: ${(error as Error).message}\n  Fix: ${fix}`)
  process.exitCode = 1
}

if (import.meta.main) await run().catch(report)
