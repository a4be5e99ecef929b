import { setTimeout as sleep } from 'node:timers/promises'

const PAUSE_MS = 100

/**
 * Calls `check` until it no longer throws. Rejects with the last error of `check` when `limitMs` is over, and
 * with the signal's reason when `signal` is aborted. A check that may hang needs a limit of its own.
 */
export async function waitUntil(
  check: () => Promise<void>,
  { limitMs, signal }: { limitMs: number; signal?: AbortSignal },
): Promise<void> {
  const end = Date.now() + limitMs
  for (;;) {
    signal?.throwIfAborted()
    const failure = await check().then(
      () => undefined,
      (error: unknown) => ({ error }),
    )
    if (!failure) return
    if (Date.now() > end) throw failure.error
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => signal?.throwIfAborted())
  }
}
