import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { signalGroup } from '../../../infra/processes.ts'
import type { Instance } from '../instance.ts'
import type { Stage } from '../stage.ts'
import { type Inflict, metNothing, running } from './fault.ts'

const readyLimit = 90_000
const takenBackMs = 3_000

function instanceOf({ instances }: Stage, id: string): Instance {
  const instance = instances.get(id)
  if (!instance) throw new Error(`there is no instance ${id}`)
  return instance
}

/** Ends an instance; it comes back when the fault is over. */
export function endInstance(signal: 'SIGKILL' | 'SIGTERM'): Inflict {
  return async ({ target }, stage) => {
    const instance = instanceOf(stage, target)
    const pid = await running(instance, target)
    await instance.down(signal)
    return {
      async heal() {
        instance.up()
        return `pid ${pid} ended by ${signal}`
      },
    }
  }
}

/** The process stands still, with all that it holds: to the others it is neither there nor gone. */
export const freezeInstance: Inflict = async ({ target }, stage) => {
  const pid = await running(instanceOf(stage, target), target)
  signalGroup(pid, 'SIGSTOP')
  return {
    async heal() {
      signalGroup(pid, 'SIGCONT')
      return `pid ${pid} stood still`
    },
  }
}

/** One more member in the group, and one less again: everything is shared out anew each time. */
export const joinInstance: Inflict = async ({ target }, stage) => {
  const instance = instanceOf(stage, target)
  instance.up()
  await instance.whenReady(readyLimit)
  return {
    async heal() {
      await instance.down('SIGTERM')
      return 'joined and left'
    },
  }
}

/**
 * One instance of the service after the other is stopped and comes back as the next version; until the last one they are mixed. The
 * first is taken back for a while in between: then those of the old version meet the sagas that it has begun.
 */
export const rollOut: Inflict = async ({ target }, stage) => {
  const instances = [...stage.instances.values()].filter(({ service }) => service === target)
  const [first, ...others] = instances
  if (!first) return metNothing(`there is no service ${target}`)
  const release = await stage.releases.next(first.service)
  for (const instance of instances) instance.install(release)
  await renew(first)
  return {
    async heal() {
      await first.down('SIGTERM')
      await sleep(takenBackMs)
      await rise(first)
      for (const instance of others) if (!instance.spare) await renew(instance)
      return `all of them run ${basename(release)}`
    },
  }
}

async function renew(instance: Instance): Promise<void> {
  await instance.down('SIGTERM')
  await rise(instance)
}

async function rise(instance: Instance): Promise<void> {
  instance.up()
  await instance.whenReady(readyLimit)
}

/** Started anew with another time: the offset is read at the start only. */
export const shiftClock: Inflict = async ({ target, by = 0 }, stage) => {
  const instance = instanceOf(stage, target)
  await instance.down('SIGTERM')
  instance.up({ CHORUS_CLOCK_OFFSET: String(by) })
  await instance.whenReady(readyLimit)
  return {
    async heal() {
      await instance.down('SIGTERM')
      instance.up()
      return `its clock was ${by} ms off`
    },
  }
}
