import { userInfo } from 'node:os'
import { contracts } from '#contracts'
import { systemClock } from '#orchestration'
import { dataFolderFrom } from '../infra/data.ts'
import { addressesFrom } from './chorus/addresses.ts'
import { connectServers } from './chorus/connect.ts'
import { chorus } from './chorus/program.ts'
import { processTerminal } from './chorus/terminal.ts'
import { readShop } from './shop/running-shop.ts'

/** Runs one command line in this process, on the servers and the shop that its environment names; resolves with the exit code. */
export async function commandLine(args: readonly string[]): Promise<number> {
  return await chorus(args, {
    terminal: processTerminal(),
    contracts,
    clock: systemClock,
    user: userName(),
    connect: () => connectServers(process.env),
    addressOf: addressesFrom(process.env),
    runningShop: () => readShop(dataFolderFrom(process.env)),
  })
}

/** A container may run under a number that has no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return process.env.USER ?? `user ${process.getuid?.() ?? 'unknown'}`
  }
}

if (import.meta.main) process.exitCode = await commandLine(process.argv.slice(2))
