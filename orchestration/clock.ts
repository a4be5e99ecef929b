/** The only source of time. Tests and the simulation replace it. */
export type Clock = {
  /** Epoch milliseconds. */
  now(): number
  /** Calls `task` once after `ms`, for 0 in the next turn of the event loop; the returned function cancels it. */
  schedule(ms: number, task: () => void): () => void
}

/** What Node's timers can hold: beyond it they fire at once. */
const longest = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(ms, task) {
    if (ms <= 0) {
      const soon = setImmediate(task)
      return () => clearImmediate(soon)
    }
    let timer: NodeJS.Timeout
    const wait = (left: number) => {
      const next = () => (left > longest ? wait(left - longest) : task())
      timer = setTimeout(next, Math.min(left, longest))
    }
    wait(ms)
    return () => clearTimeout(timer)
  },
}

/** Resolves after `ms` of the clock. */
export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.schedule(ms, resolve)
  })
}

/** Waits for the work, at most `limit` ms of the clock; false when it took longer. The work itself goes on. */
export async function within(limit: number, clock: Clock, work: Promise<unknown>): Promise<boolean> {
  let cancel = () => {}
  const timeUp = new Promise<false>((resolve) => {
    cancel = clock.schedule(limit, () => resolve(false))
  })
  return await Promise.race([work.then(() => true), timeUp]).finally(cancel)
}
