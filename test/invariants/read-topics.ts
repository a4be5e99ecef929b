import type { Broker, BrokerRecord, Consumer, PartitionLag, TopicPartition } from '#messaging'

/** Partition → the first offset that counts, for servers that other runs have used before. */
export type Positions = ReadonlyMap<string, bigint>

export function placeOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`
}

/** Where each partition ends now. */
export async function endsOf(broker: Broker, topics: readonly string[]): Promise<Positions> {
  const partitions = await partitionsOf(broker, topics)
  return new Map(partitions.map((at) => [placeOf(at), at.end]))
}

/** Milliseconds without any record after which reading is given up. */
const silenceLimit = 60_000

/** Records handed over and not yet taken: at the first number fetching pauses, at the second it goes on. */
const waitingLimit = { pause: 5_000, resume: 1_000 }

/**
 * Hands over every record that these topics hold now, from `from` on, a batch of one partition at a time; the next one comes when
 * `onRecords` has resolved, so memory stays bounded. Rejects when the broker falls silent before the end.
 */
export async function readTopics(
  broker: Broker,
  topics: readonly string[],
  onRecords: (records: readonly BrokerRecord[]) => void | Promise<void>,
  from: Positions = new Map(),
): Promise<void> {
  const held = (await partitionsOf(broker, topics)).filter(({ lag }) => lag > 0n)
  const open = new Map(held.map((at) => [placeOf(at), at.end]))
  if (open.size === 0) return
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let consumer: Consumer | undefined
  let waiting = 0
  let paused = false
  let silence: NodeJS.Timeout | undefined
  let work = Promise.resolve()

  function listen(): void {
    clearTimeout(silence)
    silence = setTimeout(
      () => reject(new Error(`nothing more came of ${[...open.keys()].join(', ')}`)),
      silenceLimit,
    )
  }

  function balance(change: number): void {
    waiting += change
    if (!paused && waiting >= waitingLimit.pause) consumer?.pause(held)
    else if (paused && waiting <= waitingLimit.resume) consumer?.resume(held)
    else return
    paused = !paused
  }

  async function take(records: readonly BrokerRecord[]): Promise<void> {
    const [first, last] = [records.at(0), records.at(-1)]
    if (!first || !last) return
    const place = placeOf(first)
    const end = open.get(place)
    // What came after the reading began belongs to nobody's evidence.
    if (end === undefined) return
    const start = from.get(place) ?? 0n
    await onRecords(records.filter(({ offset }) => offset >= start && offset < end))
    if (last.offset + 1n >= end) open.delete(place)
    if (open.size === 0) resolve()
  }

  listen()
  try {
    consumer = await broker.consume({
      groupId: 'auditor',
      topics,
      assignment: 'standalone',
      handler: {
        onRecords(records) {
          listen()
          balance(records.length)
          work = work.then(() => take(records)).then(() => balance(-records.length), reject)
        },
        onFatal: reject,
      },
    })
    await promise
  } finally {
    await consumer?.close()
    clearTimeout(silence)
  }
}

/** `auditor` commits nothing, so its lag is all that is held. */
async function partitionsOf(broker: Broker, topics: readonly string[]): Promise<readonly PartitionLag[]> {
  const admin = await broker.admin()
  try {
    return (await admin.lag('auditor', topics)).partitions
  } finally {
    await admin.close()
  }
}
