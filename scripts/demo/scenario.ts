import type { Infrastructure } from '#orchestration'
import type { CauseKind } from '../../services/tracker/api.ts'
import type { ServiceName } from '../shop/shop.ts'

/** Something that goes wrong on purpose, and how it must end. */
export type DemoScenario = {
  readonly name: string
  /** One sentence: what goes wrong, and what becomes of it. */
  readonly tells: string
  readonly ends: DemoEnding
  /** Makes it happen on the shop that runs; resolves with the order that it happens to. */
  play(stage: DemoStage): Promise<string>
  /** What to try next, about this order. */
  next?(orderId: string, stage: DemoStage): readonly string[]
}

/** Either the order ends, or it waits for a person, and the tracker says why and for whom. */
export type DemoEnding =
  | { readonly state: 'delivered' | 'declined' | 'cancelled' }
  | { readonly waits: CauseKind; readonly responsible: ServiceName }

export type DemoBroker = {
  /** Kills it and resolves when it is back and the services use it again. */
  restart(): Promise<void>
}

/** The running shop, as far as a scenario lays hands on it. */
export type DemoStage = {
  /** Base URLs. Throws a `Problem` for a service that is not to be found. */
  address(name: ServiceName): string
  /** What the services stand on, for saying what no service would. Rejects with a `Problem` where it cannot be reached. */
  infrastructure(): Promise<Infrastructure>
  /** Ends a service in good order. Rejects with a `Problem` where services are no processes. */
  stopService(name: ServiceName): Promise<void>
  /** Resolves when the service is ready again. */
  startService(name: ServiceName): Promise<void>
  /** Throws a `Problem` where the broker is not ours to restart. */
  broker(): DemoBroker
  say(line: string): void
}
