/** A topic as it is created. `settings` go by Kafka's names. */
export type Topic = {
  readonly name: string
  readonly partitions: number
  readonly settings: Readonly<Record<string, string>>
}

/** All of a participant's topics have this number; changing it moves keys between partitions, so it is chosen once. */
const partitions = 12

const days = (count: number): string => String(count * 24 * 60 * 60 * 1000)

/** One message has at most 1 MiB; a batch of them, which the broker counts as one, may have more. */
const batches = { 'max.message.bytes': String(8 * 1024 * 1024) }

/** Longer than any saga lives, so that a participant that was away for days still finds what it missed. */
const conversation = {
  ...batches,
  'cleanup.policy': 'delete',
  'retention.ms': days(7),
  // The broker unpacks what producers have packed: no batch that a consumer cannot unpack, or that bursts its memory, gets in.
  'compression.type': 'uncompressed',
}

/** Outlives the events: the story of a saga is still there when its events are gone. */
const story = { ...batches, 'cleanup.policy': 'delete', 'retention.ms': days(30) }

/** What operators say to a participant: signals for its machine, and commands for whoever runs it. */
const control = (participant: string): Topic => ({
  name: `${participant}.control`,
  partitions,
  settings: conversation,
})

const deadLetters = (group: string): Topic => ({ name: `${group}.dlt`, partitions: 1, settings: story })

/** Every topic of the shop. */
export const topics: readonly Topic[] = [
  { name: 'order.commands', partitions, settings: conversation },
  { name: 'order.events', partitions, settings: conversation },
  { name: 'payment.events', partitions, settings: conversation },
  { name: 'shipping.events', partitions, settings: conversation },
  control('order'),
  control('payment'),
  control('shipping'),
  deadLetters('order'),
  deadLetters('payment'),
  deadLetters('shipping'),
  { name: 'saga.steps', partitions, settings: story },
  { name: 'saga.definitions', partitions: 1, settings: { ...batches, 'cleanup.policy': 'compact' } },
]
