import type { Clock } from '../clock.ts'
import type { SagaStep } from '../saga-steps.ts'

/** How often a participant was seen to say, or to hear, a type of event. */
export type Seen = {
  readonly participant: string
  readonly type: string
  /** Of what it heard: where, and from whom. Absent of what it said. */
  readonly heard?: { readonly topic: string; readonly source: string }
  readonly perMinute: number
}

/** Counts what the steps of the last five minutes said and heard. */
export type Traffic = {
  count(steps: readonly SagaStep[]): void
  /** In no order. */
  seen(): readonly Seen[]
}

type Hop = Omit<Seen, 'perMinute'>

const slice = 10_000
const slices = 30
const minutes = (slice * slices) / 60_000

/** Steps count by their own time, so what is read again long after does not look like traffic. */
export function countTraffic({ now }: Pick<Clock, 'now'>): Traffic {
  const bySlice = new Map<number, Map<string, number>>()
  const current = () => Math.floor(now() / slice)

  function add(at: number, hop: Hop): void {
    // Another machine's clock may be ahead.
    const key = Math.min(Math.floor(at / slice), current())
    if (key <= current() - slices) return
    const counts = bySlice.get(key) ?? new Map<string, number>()
    bySlice.set(key, counts)
    const name = JSON.stringify(hop)
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }

  function forgetOld(): void {
    for (const key of bySlice.keys()) if (key <= current() - slices) bySlice.delete(key)
  }

  return {
    count(steps) {
      for (const { participant, at, cause, emitted } of steps) {
        for (const { type } of emitted) add(at, { participant, type })
        if (cause.kind !== 'event') continue
        const { type, topic, source } = cause
        add(at, { participant, type, heard: { topic, source } })
      }
      forgetOld()
    },
    seen() {
      forgetOld()
      const sums = new Map<string, number>()
      for (const counts of bySlice.values())
        for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0) + count)
      return [...sums].map(([name, count]) => ({ ...(JSON.parse(name) as Hop), perMinute: count / minutes }))
    },
  }
}
