import { setTimeout as sleep } from 'node:timers/promises'
import { removeContainers } from './docker.ts'
import { Problem } from './problem.ts'
import { isAlive, type ProcessId, signalGroup } from './processes.ts'
import { aliveProcesses, forgetRunning, readRunning } from './state.ts'

const STOP_LIMIT_MS = 30_000

/**
 * Stops the servers that `npm run up` left running on a data folder; resolves with their names. Throws a
 * `Problem` when they belong to a start that is still alive.
 */
export async function stopRunning(dataFolder: string): Promise<string[]> {
  const set = readRunning(dataFolder)
  if (!set) return []
  if (set.owner && isAlive(set.owner)) throw owned(set.owner.pid)
  await Promise.all(aliveProcesses(set).map(stopProcess))
  if (set.mode === 'docker') await removeContainers(dataFolder, { data: false })
  forgetRunning(dataFolder)
  return set.servers.map(({ name, version }) => `${name} ${version}`)
}

/** Asks the group to end, then makes it. */
async function stopProcess(server: ProcessId): Promise<void> {
  signalGroup(server.pid, 'SIGTERM')
  const end = performance.now() + STOP_LIMIT_MS
  while (isAlive(server) && performance.now() < end) await sleep(50)
  if (isAlive(server)) signalGroup(server.pid, 'SIGKILL')
}

function owned(pid: number): Problem {
  return new Problem('The servers belong to a start that is still running.', {
    why: `pid ${pid} started them and will stop them`,
    fix: `press Ctrl-C in its terminal (or: kill ${pid})`,
  })
}
