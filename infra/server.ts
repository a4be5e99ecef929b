import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Guard, GuardedProcess, Launch } from './guard.ts'
import { Problem } from './problem.ts'
import { tail } from './run.ts'
import { waitUntil } from './wait.ts'

/** All that is needed to run one server as a process of ours. */
export interface ServerPlan {
  readonly name: 'kafka' | 'registry' | 'store' | 'jaeger' | 'docker'
  readonly title: string
  readonly version: string
  readonly address: string
  readonly launch: Omit<Launch, 'name' | 'log'>
  /** Done once before the start, e.g. to format an empty disk. It may write to the log. */
  readonly prepare?: (log: string) => Promise<void>
  /** Throws as long as the server does not answer in its own protocol. */
  readonly ready: () => Promise<void>
  readonly limitMs: number
}

/** Starts a server and resolves once it answers; otherwise stops it and throws with the end of its log. */
export async function startServer(
  plan: ServerPlan,
  { guard, logs, signal }: { guard: Guard; logs: string; signal?: AbortSignal },
): Promise<GuardedProcess> {
  mkdirSync(logs, { recursive: true })
  const log = join(logs, `${plan.name}.log`)
  await plan.prepare?.(log)
  const server = await guard.start({ ...plan.launch, name: plan.name, log })
  const settled = new AbortController()
  const died = server.exited.then((how) => settled.abort(new Error(`it ended with ${how}`)))
  const stop = signal ? AbortSignal.any([signal, settled.signal]) : settled.signal
  try {
    await waitUntil(plan.ready, { limitMs: plan.limitMs, signal: stop })
    return server
  } catch (error) {
    await server.stop()
    await died
    signal?.throwIfAborted()
    throw notReady(plan, error, log)
  }
}

function notReady(plan: ServerPlan, error: unknown, log: string): Problem {
  const reason = error instanceof Error ? error.message : String(error)
  return new Problem(`${plan.title} ${plan.version} does not come up on ${plan.address}.`, {
    why: `${reason} (waited up to ${plan.limitMs / 1000} s); the end of ${log}:\n${tail(log)}`,
    fix: 'npm run doctor',
    cause: error,
  })
}
