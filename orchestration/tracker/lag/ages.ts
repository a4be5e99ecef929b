import type { PartitionLag } from '#messaging'

/** When records came: not before `after`, and at `by` at the latest. Epoch milliseconds. */
export type Arrival = { readonly after: number; readonly by: number }

/** Remembers where partitions ended, look after look, and so when their records came. */
export type Ages = {
  note(at: number, partitions: readonly PartitionLag[]): void
  /** Of the first record that is not committed; `null` when all are. Older than the first look is as old as that look. */
  oldest(partition: PartitionLag): Arrival | null
}

type Growth = Arrival & { readonly end: bigint }

/** Growths of one partition that are remembered: half an hour of looks in which each found something new. */
const remembered = 360

export function partitionAges(): Ages {
  const growths = new Map<string, Growth[]>()
  const looks = new Map<string, number>()

  return {
    note(at, partitions) {
      for (const { topic, partition, end } of partitions) {
        const place = `${topic}/${partition}`
        const known = growths.get(place) ?? []
        if (known.at(-1)?.end !== end) known.push({ after: looks.get(place) ?? 0, by: at, end })
        growths.set(place, known.slice(-remembered))
        looks.set(place, at)
      }
    },
    oldest({ topic, partition, end, lag }) {
      if (lag <= 0n) return null
      const next = end - lag
      const found = growths.get(`${topic}/${partition}`)?.find((growth) => growth.end > next)
      return found ? { after: found.after, by: found.by } : null
    },
  }
}
