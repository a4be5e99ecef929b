import type { Story } from './saga-machine.ts'
import type { Told } from './story-teller.ts'

/** What happened in one minute. `minute`: its beginning in epoch milliseconds. */
export type Minute = {
  readonly minute: number
  readonly started: number
  readonly ended: number
  /** Of those that ended: something was undone. */
  readonly compensated: number
}

/** Milliseconds from first to last step, of so many sagas. */
export type Durations = { readonly p50: number; readonly p95: number; readonly sagas: number }

/** Counts of the last hour, by the times that the steps themselves tell: whoever reads later counts the same. */
export type Rates = {
  count(told: readonly Pick<Told, 'before' | 'after'>[]): void
  /** 60 of them, the oldest first. */
  minutes(now: number): Minute[]
  /** Of sagas that ended in these minutes; `null` without any. */
  durations(now: number): Durations | null
}

type Bucket = { started: number; ended: number; compensated: number; lasted: Map<number, number> }

const length = 60_000
const kept = 60
/** Durations are counted by size, each size 2 % above the one before. */
const precision = Math.log(1.02)

export function rates(): Rates {
  const buckets = new Map<number, Bucket>()
  let newest = 0

  function bucketAt(at: number): Bucket | undefined {
    const minute = Math.floor(at / length)
    newest = Math.max(newest, minute)
    if (minute <= newest - kept) return undefined
    const bucket = buckets.get(minute) ?? { started: 0, ended: 0, compensated: 0, lasted: new Map() }
    buckets.set(minute, bucket)
    for (const old of buckets.keys()) if (old <= newest - kept) buckets.delete(old)
    return bucket
  }

  function add(story: Story, sign: 1 | -1): void {
    const beginning = bucketAt(story.beganAt)
    if (beginning) beginning.started += sign
    if (story.state !== 'ended') return
    const end = bucketAt(story.at)
    if (!end) return
    end.ended += sign
    if (story.hasCompensated) end.compensated += sign
    const size = sizeOf(story.at - story.beganAt)
    end.lasted.set(size, (end.lasted.get(size) ?? 0) + sign)
  }

  function last(now: number): { readonly minute: number; readonly bucket: Bucket | undefined }[] {
    const current = Math.floor(now / length)
    return Array.from({ length: kept }, (_, i) => current - kept + 1 + i).map((minute) => ({
      minute: minute * length,
      bucket: buckets.get(minute),
    }))
  }

  return {
    count(told) {
      for (const { before, after } of told) {
        // What a story said before is taken back, so each saga counts once, however often it is told on.
        if (before) add(before, -1)
        add(after, 1)
      }
    },
    minutes: (now) =>
      last(now).map(({ minute, bucket }) => ({
        minute,
        started: bucket?.started ?? 0,
        ended: bucket?.ended ?? 0,
        compensated: bucket?.compensated ?? 0,
      })),
    durations(now) {
      const sizes = new Map<number, number>()
      for (const { bucket } of last(now))
        for (const [size, count] of bucket?.lasted ?? []) sizes.set(size, (sizes.get(size) ?? 0) + count)
      return percentiles(sizes)
    },
  }
}

function percentiles(sizes: ReadonlyMap<number, number>): Durations | null {
  const ordered = [...sizes].filter(([, count]) => count > 0).sort(([a], [b]) => a - b)
  const sagas = ordered.reduce((sum, [, count]) => sum + count, 0)
  if (sagas === 0) return null
  const at = (share: number) => {
    let left = Math.ceil(share * sagas)
    const found = ordered.find(([, count]) => {
      left -= count
      return left <= 0
    })
    return durationOf(found?.[0] ?? 0)
  }
  return { p50: at(0.5), p95: at(0.95), sagas }
}

function sizeOf(duration: number): number {
  return Math.round(Math.log(Math.max(1, duration)) / precision)
}

function durationOf(size: number): number {
  return Math.round(Math.exp(size * precision))
}
