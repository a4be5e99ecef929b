import { type OutgoingMessage, type Producer, TerminalError } from '#messaging'

/** The broker counts the messages of a batch for one partition as one message of at most 8 MiB. */
const batch = { messages: 100, bytes: 4 * 1024 * 1024 }

/**
 * Sends in batches, in their order. What the broker refuses for good is handed to `onRefused`, and the rest goes on; rejects with a
 * `RetryableError` when the broker does not answer.
 */
export async function sendAll<Item>(
  producer: Producer,
  items: readonly Item[],
  messageOf: (item: Item) => OutgoingMessage,
  { onSent, onRefused }: { onSent?(count: number): void; onRefused(item: Item, error: Error): void },
): Promise<void> {
  let sent = 0
  for (const some of batches(items, messageOf)) {
    try {
      await producer.send(some.map(messageOf))
    } catch (error) {
      if (!(error instanceof TerminalError)) throw error
      for (const item of some) await sendOne(producer, item, messageOf, onRefused)
    }
    sent += some.length
    onSent?.(sent)
  }
}

async function sendOne<Item>(
  producer: Producer,
  item: Item,
  messageOf: (item: Item) => OutgoingMessage,
  onRefused: (item: Item, error: Error) => void,
): Promise<void> {
  try {
    await producer.send([messageOf(item)])
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error
    onRefused(item, error)
  }
}

function batches<Item>(items: readonly Item[], messageOf: (item: Item) => OutgoingMessage): Item[][] {
  const all: Item[][] = []
  let bytes = 0
  for (const item of items) {
    const size = messageOf(item).value?.length ?? 0
    const last = all.at(-1)
    if (!last || last.length >= batch.messages || bytes + size > batch.bytes) {
      all.push([item])
      bytes = size
    } else {
      last.push(item)
      bytes += size
    }
  }
  return all
}
