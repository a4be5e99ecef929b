import type { Contracts } from '#messaging'
import type { Clock } from '../clock.ts'
import type { Infrastructure } from '../host/infrastructure.ts'

/** What operations work on. */
export type OperatorContext = {
  readonly infrastructure: Pick<Infrastructure, 'broker' | 'codec' | 'store'>
  readonly contracts: Contracts
  /** Everybody who owns a contract: each has a journal, a control topic and dead letters. */
  readonly participants: readonly string[]
  readonly clock: Clock
}

/** Everybody who owns one of these contracts. */
export function ownersIn({ events }: Contracts): readonly string[] {
  return [...new Set(Object.values(events).map(({ owner }) => owner))]
}

/** What was asked for cannot be done; the message says why, for whoever asked. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}

/** How something went that was asked for: it is done, it is under way, or nothing comes of it. */
export type Verdict = 'done' | 'waits' | 'failed'
