import type { EventContract } from '#contracts'
import type { Clock, Infrastructure } from '#orchestration'
import type { Terminal } from './terminal.ts'

/** What a command works on. */
export type World = {
  readonly infrastructure: Infrastructure
  readonly contracts: { readonly events: Readonly<Record<string, EventContract>> }
  /** Everybody who owns a contract: each has a journal, a control topic and dead letters. */
  readonly participants: readonly string[]
  readonly clock: Clock
}

/** What surrounds the commands. The command line is understood before anything is connected. */
export type Surroundings = Pick<World, 'contracts' | 'clock'> & {
  readonly terminal: Terminal
  /** Who types. */
  readonly user: string
  connect(): Promise<Infrastructure>
}
