import { userInfo } from 'node:os'
import { contracts } from '#contracts'
import { systemClock } from '#orchestration'
import { connectServers } from './chorus/connect.ts'
import { chorus } from './chorus/program.ts'
import { processTerminal } from './chorus/terminal.ts'

process.exitCode = await chorus(process.argv.slice(2), {
  terminal: processTerminal(),
  contracts,
  clock: systemClock,
  user: userName(),
  connect: () => connectServers(process.env),
})

/** A container may run under a number that has no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return process.env.USER ?? `user ${process.getuid?.() ?? 'unknown'}`
  }
}
