import type { BrokerRecord, Position } from '#messaging'

/**
 * Which offsets may be committed. A Kafka offset is one number, so only the contiguous prefix of finished records counts: one record
 * that is not finished holds back every later one of its partition.
 */
export type Offsets = {
  /** A record was handed over. Call the returned function once, when the record is finished. */
  track(record: BrokerRecord): () => void
  /** The prefixes that have moved since the last acknowledged commit. */
  committable(): Committable
  /** After an assignment: reading starts again at the committed offsets, so earlier positions are void. */
  reset(): void
}

/** `acknowledge` says that the positions are stored; until then they are committable again and again. */
type Committable = { readonly positions: readonly Position[]; acknowledge(): void }

type Partition = {
  readonly topic: string
  readonly partition: number
  readonly open: { offset: bigint; finished: boolean }[]
  next: bigint
  committed: bigint
}

export function offsets(): Offsets {
  let partitions = new Map<string, Partition>()

  function partitionOf({ topic, partition, offset }: BrokerRecord): Partition {
    const key = `${topic}/${partition}`
    const known = partitions.get(key)
    if (known) return known
    const added = { topic, partition, open: [], next: offset, committed: offset }
    partitions.set(key, added)
    return added
  }

  return {
    track(record) {
      const partition = partitionOf(record)
      const entry = { offset: record.offset, finished: false }
      partition.open.push(entry)
      return () => {
        entry.finished = true
        const unfinished = partition.open.findIndex((other) => !other.finished)
        const finished = partition.open.splice(0, unfinished === -1 ? partition.open.length : unfinished)
        const last = finished.at(-1)
        if (last) partition.next = last.offset + 1n
      }
    },
    committable() {
      const moved = [...partitions.values()]
        .filter(({ next, committed }) => next > committed)
        .map((partition) => ({ partition, next: partition.next }))
      return {
        positions: moved.map(({ partition: { topic, partition }, next }) => ({
          topic,
          partition,
          offset: next,
        })),
        acknowledge() {
          for (const { partition, next } of moved) partition.committed = next
        },
      }
    },
    reset() {
      partitions = new Map()
    },
  }
}
