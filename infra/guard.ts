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
  return {
    start: (launch) => startUnder(guard, ended, launch),
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

function startUnder(guard: ChildProcess, ended: Promise<void>, launch: Launch): Promise<GuardedProcess> {
  const { name } = launch
  return new Promise((resolve, reject) => {
    const exited = new Promise<string>((tell) => {
      guard.on('message', (told: Told) => {
        if (told.name === name && told.exited !== undefined) tell(told.exited)
      })
      void ended.then(() => tell('stopped'))
    })
    const stop = async () => {
      if (guard.connected) guard.send({ stop: name })
      await exited
    }
    guard.on('message', (told: Told) => {
      if (told.name !== name) return
      if (told.pid !== undefined) resolve({ pid: told.pid, exited, stop })
      if (told.failed !== undefined) reject(new Error(`${launch.command}: ${told.failed}`))
    })
    void ended.then(() => reject(new Error(`the guard ended before ${name} was started`)))
    guard.send({ start: { ...launch, env: launch.env ?? process.env } })
  })
}
