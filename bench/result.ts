import type { Audit } from './audit.ts'
import type { Drain } from './drain/drain.ts'
import type { EntryName } from './load/entry.ts'
import type { Machine } from './machine.ts'
import type { Measured } from './measure.ts'
import type { Soak } from './soak/soak.ts'
import type { CountedService } from './stage/counters.ts'
import type { Stored } from './stored/stored.ts'
import type { StoredBytes } from './stored-bytes.ts'
import type { Counts } from './wire/requests.ts'

/** Everything that a run has found out, as it is written to its JSON file. */
export type BenchResult = {
  /** What to type for the same run. */
  readonly command: string
  /** ISO 8601. */
  readonly at: string
  readonly machine: Machine
  /** Name and version of each. */
  readonly servers: readonly string[]
  readonly settings: {
    readonly entry: EntryName
    readonly instances: number
    readonly tracker: boolean
    /** Where the spans of all orders go, or null. */
    readonly traces: string | null
    readonly warmUpSeconds: number
  }
  /** Milliseconds for the calibration loop. */
  readonly calibration: { readonly before: number; readonly after: number }
  readonly loads: readonly Measured[]
  /** Null in a profiled run. */
  readonly requests: RequestsPerOrder | null
  /** Bytes on disk that one order has added, until the queue was made and the store was filled. */
  readonly storedPerOrder: StoredBytes
  /** These three only when they were asked for. */
  readonly soak?: Soak | undefined
  readonly drain?: Drain | undefined
  readonly stored?: Stored | undefined
  readonly audit: Pick<Audit, 'orders' | 'checked'> & { readonly violations: number }
}

/** What one order asks of broker and store, by service and kind, at one load. */
export type RequestsPerOrder = {
  readonly load: string
  readonly orders: number
  readonly services: Readonly<
    Partial<Record<CountedService, { readonly broker: Counts; readonly store: Counts }>>
  >
}
