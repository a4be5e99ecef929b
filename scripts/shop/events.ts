import { contracts } from '#contracts'
import type { Consumer, Envelope } from '#messaging'
import type { Shop } from './shop.ts'

const topics = [...new Set(Object.values(contracts.events).map(({ topic }) => topic))]

/** Hands over every event and command from now on, as it lands in its topic. */
export async function watchEvents(
  { infrastructure: { broker, codec } }: Shop,
  onEvent: (event: Envelope, topic: string) => void,
): Promise<Consumer> {
  return await broker.consume({
    groupId: 'watcher',
    topics,
    assignment: 'standalone',
    startFrom: 'latest',
    handler: {
      async onRecords(records) {
        for (const record of records) {
          try {
            onEvent(await codec.decode(record), record.topic)
          } catch {
            // What cannot be read is the services' worry; whoever watches shows what can be shown.
          }
        }
      },
    },
  })
}

const colours: Record<string, number> = { order: 36, payment: 33, shipping: 35, 'order-api': 90 }

/** One readable line: time, order, who said it, what, and the part of it that a person wants to see. */
export function eventLine(event: Envelope, topic: string, colour: boolean): string {
  const time = new Date(event.time).toISOString().slice(11, 23)
  const paint = (text: string) => (colour ? `\u001b[${colours[event.source] ?? 0}m${text}\u001b[0m` : text)
  return `  ${time}  ${event.sagaId.slice(-6)}  ${topic.padEnd(15)}  ${paint(event.type.padEnd(17))}  ${detail(event)}`.trimEnd()
}

function detail({ data }: Envelope): string {
  const { amount, currency, reason, trackingNumber } = data
  if (typeof reason === 'string') return reason
  if (typeof trackingNumber === 'string') return `tracking ${trackingNumber}`
  if (typeof amount === 'number') return `${(amount / 100).toFixed(2)} ${String(currency)}`
  return ''
}
