import type { Contracts } from '#messaging'
import type { Clock, Infrastructure } from '#orchestration'
import type { RunningShop } from '../shop/running-shop.ts'
import type { AddressOf } from './addresses.ts'
import type { Terminal } from './terminal.ts'

/** What surrounds the commands. The command line is understood before anything is connected. */
export type Surroundings = {
  readonly contracts: Contracts
  readonly clock: Clock
  readonly terminal: Terminal
  /** Who types. */
  readonly user: string
  connect(): Promise<Infrastructure>
  readonly addressOf: AddressOf
  /** The shop that `npm start` has running here, if it does. */
  runningShop(): RunningShop | undefined
}
