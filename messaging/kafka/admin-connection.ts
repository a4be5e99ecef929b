import type { Admin as KafkaJsAdmin } from 'kafkajs'
import { TerminalError } from '../errors.ts'
import { kafkaClient, RETRY } from './client.ts'
import type { KafkaConfig } from './config.ts'
import { portError } from './errors.ts'
import type { KafkaSettings } from './settings.ts'

export type AdminConnection = {
  /** Rejects with the port's errors; `doing` begins their sentence. */
  ask<Answer>(doing: string, question: (admin: KafkaJsAdmin) => Promise<Answer>): Promise<Answer>
  close(): Promise<void>
}

/**
 * A kafkajs admin that is replaced when a question fails, and the question asked once more. kafkajs' admin remembers every topic that
 * it was ever asked about and fails for good, whatever the question, when one of them is deleted.
 */
export async function adminConnection(
  config: KafkaConfig,
  settings: KafkaSettings,
): Promise<AdminConnection> {
  let current = connect(config, settings)
  await current

  function replace(failed: Promise<KafkaJsAdmin>): void {
    if (current !== failed) return
    current = connect(config, settings)
    current.catch(() => {})
    failed.then((admin) => admin.disconnect()).catch(() => {})
  }

  return {
    async ask(doing, question) {
      const asked = current
      try {
        return await question(await asked)
      } catch (error) {
        const fault = portError(doing, error)
        if (fault instanceof TerminalError) throw fault
        replace(asked)
      }
      try {
        return await question(await current)
      } catch (error) {
        throw portError(doing, error)
      }
    },
    async close() {
      const admin = await current.catch(() => undefined)
      await admin?.disconnect()
    },
  }
}

async function connect(config: KafkaConfig, settings: KafkaSettings): Promise<KafkaJsAdmin> {
  const admin = kafkaClient(config, settings).admin({ retry: RETRY })
  try {
    await admin.connect()
    return admin
  } catch (error) {
    throw portError(`Connecting to ${config.brokers.join(', ')} failed`, error)
  }
}
