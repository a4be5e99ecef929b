import { familyUsageOf, machineBusyMs, type Usage, usageOf } from './process-usage.ts'
import type { Watched } from './stage/watched.ts'

/** What the machine and its processes had used at one moment. */
export type Snapshot = {
  /** `performance.now()`. */
  readonly at: number
  /** Microseconds of the monotonic clock, which profiles go by too. */
  readonly monotonic: number
  /** In the order of the processes. */
  readonly usages: readonly Usage[]
  readonly busyMs: number
}

export function snapshot(watched: readonly Watched[]): Snapshot {
  return {
    at: performance.now(),
    monotonic: Number(process.hrtime.bigint() / 1_000n),
    usages: watched.map(({ pid, forks }) => (forks ? familyUsageOf(pid) : usageOf(pid))),
    busyMs: machineBusyMs(),
  }
}
