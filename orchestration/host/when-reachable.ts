import { RetryableError } from '#messaging'
import type { Logger } from '#observability'
import { backoff } from '../backoff.ts'
import { type Clock, pause } from '../clock.ts'

/** Longest wait for servers that do not answer, in ms. */
const reachLimit = 60_000

/**
 * Servers may start later than services do, or be away while one starts: tries again for a minute before it rejects with the last
 * `RetryableError`. Any other error rejects at once.
 */
export async function whenReachable<T>(
  work: () => Promise<T>,
  { clock, log }: { clock: Clock; log: Logger },
): Promise<T> {
  const end = clock.now() + reachLimit
  for (let failures = 0; ; failures++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof RetryableError) || clock.now() >= end) throw error
      log.warn('not reachable yet, trying again', { error: error.message })
      await pause(clock, backoff(failures, {}))
    }
  }
}
