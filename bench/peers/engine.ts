import type { Order } from '../load/customers.ts'
import type { Endings } from '../load/endings.ts'
import type { Entry } from '../load/entry.ts'
import type { Watched } from '../stage/watched.ts'

/** Something that runs the shop's business durably, to be measured beside others. */
export type Engine = {
  readonly name: string
  /** Starts it with empty data. Nothing is left running when it rejects. */
  open(options: EngineOptions): Promise<OpenEngine>
}

export type EngineOptions = {
  /** For data and logs of this run alone. */
  readonly folder: string
  readonly signal: AbortSignal
  /** A process has ended, and nobody asked for it. */
  readonly onDeath: (id: string, how: string) => void
}

export type OpenEngine = {
  /** Name and version of what it is made of. */
  readonly versions: readonly string[]
  readonly entry: Entry
  readonly endings: Endings
  readonly watched: readonly Watched[]
  /** Rejects when one of these orders, which have all ended, did not end as it should, or money is missing. */
  check(orders: readonly Order[]): Promise<void>
  stop(): Promise<void>
}
