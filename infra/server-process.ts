import type { GuardedProcess } from './guard.ts'
import type { ServerProcess } from './infrastructure.ts'
import { signalGroup } from './processes.ts'
import { type ServerPlan, startServer } from './server.ts'

/** Starts a server that can be killed and started again on the same data and port. `onDeath` hears of an end that nobody asked for. */
export async function startServerProcess(
  plan: ServerPlan,
  options: Parameters<typeof startServer>[1] & { onDeath(name: string, how: string): void },
): Promise<ServerProcess> {
  let running: GuardedProcess | undefined

  async function start(): Promise<void> {
    const server = await startServer(plan, options)
    running = server
    void server.exited.then((how) => {
      if (running !== server) return
      running = undefined
      options.onDeath(plan.title, how)
    })
  }

  await start()
  return {
    name: plan.name,
    pid: () => running?.pid,
    async kill() {
      const doomed = running
      running = undefined
      if (!doomed) return
      signalGroup(doomed.pid, 'SIGKILL')
      await doomed.exited
    },
    async restart() {
      if (!running) await start()
    },
  }
}
