import { counter, errorType, histogram, oncePer, secondsSince, telemetryNames } from '#observability'
import type { Broker, Consumer, ConsumerOptions, OutgoingMessage, Producer } from './broker.ts'

const { attributes, metrics } = telemetryNames

/** Counts and times what goes through a broker, by the semantic conventions of messaging. `system`: its `messaging.system`. */
export function measuredBroker(broker: Broker, system: string): Broker {
  return {
    producer: async () => measuredProducer(await broker.producer(), system),
    consume: (options) => measuredConsumer(broker, options, system),
    admin: broker.admin,
  }
}

function measuredProducer(producer: Producer, system: string): Producer {
  const sent = counter(metrics.sentMessages)
  const durations = histogram(metrics.clientOperationDuration)
  const sending = operation(system, 'send')
  const to = oncePer((topic: string) => ({ ...sending, [attributes.destinationName]: topic }))

  function count(messages: readonly OutgoingMessage[], began: number, error?: unknown): void {
    const failed = error === undefined ? {} : { [attributes.errorType]: errorType(error) }
    durations.record(secondsSince(began), error === undefined ? sending : { ...sending, ...failed })
    const byTopic = new Map<string, number>()
    for (const { topic } of messages) byTopic.set(topic, (byTopic.get(topic) ?? 0) + 1)
    for (const [topic, number] of byTopic)
      sent.add(number, error === undefined ? to(topic) : { ...to(topic), ...failed })
  }

  return {
    async send(messages) {
      const began = performance.now()
      try {
        await producer.send(messages)
        count(messages, began)
      } catch (error) {
        count(messages, began, error)
        throw error
      }
    },
    close: producer.close,
  }
}

async function measuredConsumer(broker: Broker, options: ConsumerOptions, system: string): Promise<Consumer> {
  const { groupId, handler } = options
  const delivered = counter(metrics.consumedMessages)
  const durations = histogram(metrics.clientOperationDuration)
  const committing = { ...operation(system, 'commit'), [attributes.consumerGroup]: groupId }
  const from = oncePer((topic: string) => ({
    ...operation(system, 'poll'),
    [attributes.destinationName]: topic,
    [attributes.consumerGroup]: groupId,
  }))
  const consumer = await broker.consume({
    ...options,
    handler: {
      ...handler,
      onRecords(records) {
        const [first] = records
        if (first) delivered.add(records.length, from(first.topic))
        handler.onRecords(records)
      },
    },
  })
  return {
    ...consumer,
    async commit(positions) {
      const began = performance.now()
      await consumer.commit(positions)
      durations.record(secondsSince(began), committing)
    },
  }
}

function operation(system: string, name: 'send' | 'poll' | 'commit') {
  return { [attributes.messagingSystem]: system, [attributes.operationName]: name }
}
