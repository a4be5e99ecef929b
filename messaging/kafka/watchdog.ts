import { setInterval } from 'node:timers/promises'

export type Watchdog = {
  /** The consumer has got on, or had a reason not to. */
  progress(): void
  stop(): void
}

/**
 * Finds a consumer that stands still without an error: kafkajs' fetch loop can end silently, and the process would live on idle.
 * Each `everyMs` without progress it asks `unread` for a sentence about records that should have been handed over; the second
 * such answer in a row goes to `onStuck`. When `unread` fails, Kafka is away, and standing still is right.
 */
export function watchdog(
  everyMs: number,
  unread: () => Promise<string | undefined>,
  onStuck: (sentence: string) => void,
): Watchdog {
  const stopping = new AbortController()
  let progressed = false
  let suspicions = 0

  async function check(): Promise<void> {
    const found = progressed ? undefined : await unread().catch(() => undefined)
    suspicions = found === undefined || progressed ? 0 : suspicions + 1
    progressed = false
    if (found !== undefined && suspicions >= 2) onStuck(found)
  }

  async function watch(): Promise<void> {
    for await (const _ of setInterval(everyMs, undefined, { ref: false, signal: stopping.signal }))
      await check()
  }

  watch().catch(() => {})
  return {
    progress() {
      progressed = true
    },
    stop: () => stopping.abort(),
  }
}
