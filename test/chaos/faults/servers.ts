import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { topics } from '#contracts'
import type { ServerProcess } from '../../../infra/index.ts'
import { signalGroup } from '../../../infra/processes.ts'
import { setTopicSettings } from '../../../infra/topic-settings.ts'
import { waitUntil } from '../../../infra/wait.ts'
import type { Stage } from '../stage.ts'
import { type Inflict, insist, metNothing, patience, running } from './fault.ts'

const run = promisify(execFile)

function serverOf({ servers }: Stage, name: string): ServerProcess {
  const found = servers.processes.find((server) => server.name === name)
  if (!found) throw new Error(`there is no server ${name}`)
  return found
}

/** Killed as by a power cut; what it had acknowledged must be there when it is back. */
export const killServer: Inflict = async ({ target }, stage) => {
  const server = serverOf(stage, target)
  const pid = await running(server, target)
  await server.kill()
  return {
    async heal() {
      await server.restart()
      return `pid ${pid} killed`
    },
  }
}

export const freezeServer: Inflict = async ({ target }, stage) => {
  const pid = await running(serverOf(stage, target), target)
  signalGroup(pid, 'SIGSTOP')
  return {
    async heal() {
      signalGroup(pid, 'SIGCONT')
      return `pid ${pid} stood still`
    },
  }
}

/** No file of it may grow, as on a full disk: the first segment that has to is the end of it. */
export const fillDisk: Inflict = async ({ target }, stage) => {
  const server = serverOf(stage, target)
  const pid = await running(server, target)
  await run('prlimit', ['--pid', String(pid), '--fsize=1:1'])
  return {
    async heal() {
      // Nothing may have been written meanwhile, because of another fault.
      await waitUntil(async () => assert(server.pid() === undefined), { limitMs: patience }).catch(() => {})
      const died = server.pid() === undefined
      await server.kill()
      await server.restart()
      return died ? `pid ${pid} could not write any more and ended` : metNothing('nothing was written')
    },
  }
}

/** The topic refuses what is larger than it should be; everybody has to wait and to repeat. */
export const shrinkMessages: Inflict = async ({ target, by = 500 }, stage) => {
  const settings = topics.find(({ name }) => name === target)?.settings ?? {}
  const broker = stage.servers.environment.KAFKA_BOOTSTRAP_SERVERS ?? ''
  await insist(() => setTopicSettings(broker, target, { ...settings, 'max.message.bytes': String(by) }))
  return {
    async heal() {
      await insist(() => setTopicSettings(broker, target, settings))
      return `batches of more than ${by} bytes were refused`
    },
  }
}
