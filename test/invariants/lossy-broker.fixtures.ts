import type { Broker, OutgoingMessage } from '#messaging'

/** A broker that stores what `becomes` makes of each message, and says that it has stored the message. */
export function saying(
  becomes: (message: OutgoingMessage) => readonly OutgoingMessage[],
): (broker: Broker) => Broker {
  return (broker) => ({
    ...broker,
    async producer() {
      const producer = await broker.producer()
      return { ...producer, send: (messages) => producer.send(messages.flatMap(becomes)) }
    },
  })
}
