import type { Clock } from './clock.ts'

/** A clock that stands still until a test moves it. */
export type ManualClock = Clock & {
  /** Moves the time on and runs what falls due on the way, in its order. */
  advance(ms: number): void
  /** Tasks that are scheduled and not yet run or cancelled. */
  scheduled(): number
}

export function manualClock(start = 1_000_000): ManualClock {
  let now = start
  let tasks: { readonly at: number; readonly task: () => void }[] = []

  return {
    now: () => now,
    schedule(ms, task) {
      const entry = { at: now + Math.max(0, ms), task }
      tasks.push(entry)
      return () => {
        tasks = tasks.filter((other) => other !== entry)
      }
    },
    advance(ms) {
      const end = now + ms
      for (let next = earliest(tasks, end); next; next = earliest(tasks, end)) {
        const entry = next
        tasks = tasks.filter((other) => other !== entry)
        now = Math.max(now, entry.at)
        entry.task()
      }
      now = end
    },
    scheduled: () => tasks.length,
  }
}

function earliest<T extends { readonly at: number }>(tasks: readonly T[], end: number): T | undefined {
  return tasks.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
}

/** Lets everything run that waits for nothing but its turn. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Waits until `met`, with the clock running; `what` completes the sentence "waited in vain until …". */
export async function until(
  clock: ManualClock,
  what: string,
  met: () => boolean | Promise<boolean>,
  turns = 2_000,
): Promise<void> {
  for (let i = 0; i < turns; i++) {
    if (await met()) return
    clock.advance(20)
    await turn()
  }
  throw new Error(`waited in vain until ${what}`)
}

/** Gives everything the time to happen that should not: some seconds of the clock. */
export async function quiet(clock: ManualClock, turns = 150): Promise<void> {
  for (let i = 0; i < turns; i++) {
    clock.advance(20)
    await turn()
  }
}
