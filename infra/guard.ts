import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A command line to run under the guard; its output is appended to the file `log`. */
export interface Launch {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly log: string
}

/** A server that runs under the guard. `exited` resolves, with how it ended, when it ends on its own or is stopped. */
export interface GuardedProcess {
  readonly pid: number
  readonly exited: Promise<string>
  stop(): Promise<void>
}

/** The one process that runs all servers of a starter and stops them when the starter is gone. */
export interface Guard {
  /** Rejects when the command cannot be started at all. */
  start(launch: Launch): Promise<GuardedProcess>
  /** Stops every server, all at once, and the guard itself. */
  stop(): Promise<void>
  /** Ends the guard and leaves the servers running on their own. */
  release(): Promise<void>
}

/** From the guard: `pid` once started; `failed` when it could not be started; `exited` when it has ended. */
type Told = { name: string; pid?: number; failed?: string; exited?: string }

/** Starts a guard. It has its own process group: a Ctrl-C in the terminal reaches the starter alone. */
export function startGuard(): Guard {
  const guard = fork(fileURLToPath(new URL('./guard.mjs', import.meta.url)), {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
  })
  const ended = new Promise<void>((resolve) => guard.once('exit', () => resolve()))
  const listeners = new Map<string, (told: Told) => void>()
  guard.on('message', (told: Told) => listeners.get(told.name)?.(told))
  return {
    start: (launch) => startUnder({ guard, ended, listeners }, launch),
    stop() {
      if (guard.connected) guard.disconnect()
      return ended
    },
    release() {
      guard.send({ release: true })
      return ended
    },
  }
}

interface UnderGuard {
  readonly guard: ChildProcess
  readonly ended: Promise<void>
  /** Who wants to hear what the guard tells of a server, by the server's name. */
  readonly listeners: Map<string, (told: Told) => void>
}

function startUnder({ guard, ended, listeners }: UnderGuard, launch: Launch): Promise<GuardedProcess> {
  const { name } = launch
  return new Promise((resolve, reject) => {
    const exit = Promise.withResolvers<string>()
    const stop = async () => {
      if (guard.connected) guard.send({ stop: name })
      await exit.promise
    }
    listeners.set(name, ({ pid, failed, exited }) => {
      if (pid !== undefined) resolve({ pid, exited: exit.promise, stop })
      if (failed !== undefined) reject(new Error(`${launch.command}: ${failed}`))
      if (exited === undefined) return
      listeners.delete(name)
      exit.resolve(exited)
    })
    void ended.then(() => {
      exit.resolve('stopped')
      reject(new Error(`the guard ended before ${name} was started`))
    })
    guard.send({ start: { ...launch, env: launch.env ?? process.env } }, (error) => {
      if (error) reject(new Error(`the guard has ended: ${error.message}`))
    })
  })
}
