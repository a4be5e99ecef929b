/** The only source of time. Tests and the simulation replace it. */
export type Clock = {
  /** Epoch milliseconds. */
  now(): number
  /** Calls `task` once after `ms`; the returned function cancels it. */
  schedule(ms: number, task: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(ms, task) {
    const timer = setTimeout(task, ms)
    return () => clearTimeout(timer)
  },
}
