import { setTimeout as sleep } from 'node:timers/promises'

const PAUSE_MS = 100

/**
 * Calls `check` until it no longer throws, and resolves with what it answers then. Rejects with the last error of `check`
 * when `limitMs` is over, and with the signal's reason when `signal` is aborted. A check that may hang needs a limit of its own.
 * The limit is of time that was lived through: a machine that slept, or whose clock was set, ends no wait.
 */
export async function waitUntil<T>(
  check: () => Promise<T>,
  { limitMs, signal }: { limitMs: number; signal?: AbortSignal },
): Promise<T> {
  const end = performance.now() + limitMs
  for (;;) {
    signal?.throwIfAborted()
    try {
      return await check()
    } catch (error) {
      if (performance.now() > end) throw error
    }
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => signal?.throwIfAborted())
  }
}
