import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Infrastructure, Mode } from '../../infra/infrastructure.ts'
import { identify, isAlive, type ProcessId } from '../../infra/processes.ts'
import type { ShopOfProcesses } from './processes.ts'
import { type ServiceName, type Shop, serviceNames } from './shop.ts'

/** The shop that `npm start` has running, written beside the data of its servers for other commands to find. */
export type RunningShop = Pick<Shop, 'addresses'> & {
  /** `npm start` itself. */
  readonly owner: ProcessId
  readonly mode: Mode
  /** Each the leader of its own process group; none where all services are in one process. */
  readonly services: Readonly<Partial<Record<ServiceName, ProcessId>>>
  /** Kafka is a process of the owner, which starts it anew when it gets `restartBroker`. */
  readonly ownsBroker: boolean
}

/** Asks the owner of a running shop to kill Kafka and to start it again. */
export const restartBroker: NodeJS.Signals = 'SIGUSR2'

/** What is told of a shop that this process runs. */
export function runningShop(
  shop: Shop & Partial<Pick<ShopOfProcesses, 'pid'>>,
  { mode, processes }: Pick<Infrastructure, 'mode' | 'processes'>,
): RunningShop {
  const owner = identify(process.pid)
  if (!owner) throw new Error('this process does not find itself')
  const services = serviceNames.flatMap((name) => {
    const pid = shop.pid?.(name)
    const identity = pid === undefined ? undefined : identify(pid)
    return identity ? [[name, identity]] : []
  })
  const ownsBroker = processes.some(({ name }) => name === 'kafka')
  return { owner, mode, addresses: shop.addresses, services: Object.fromEntries(services), ownsBroker }
}

const fileIn = (folder: string) => join(folder, 'shop.json')

export function recordShop(folder: string, shop: RunningShop): void {
  mkdirSync(folder, { recursive: true })
  const partial = `${fileIn(folder)}.${process.pid}`
  writeFileSync(partial, JSON.stringify(shop, undefined, 2))
  renameSync(partial, fileIn(folder))
}

export function forgetShop(folder: string): void {
  rmSync(fileIn(folder), { force: true })
}

/** The shop whose data are in this folder; `undefined` unless it runs. */
export function readShop(folder: string): RunningShop | undefined {
  try {
    const shop = JSON.parse(readFileSync(fileIn(folder), 'utf8')) as RunningShop
    return isAlive(shop.owner) ? shop : undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
