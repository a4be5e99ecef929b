import type { Clock } from './clock.ts'

/**
 * Begins work in the order in which it comes, and only so much of it in one turn of the event loop: a broker hands over thousands of
 * records at once, and answers, timers and whoever asks over HTTP should not wait for all of them.
 */
export type Turns = {
  /** Begins it before this returns, when the turn still has room. */
  add(work: () => void): void
  /** What has not begun never will. */
  stop(): void
}

/** About ten milliseconds of work. */
const share = 32

export function turns(clock: Clock): Turns {
  const queue: (() => void)[] = []
  let left = share
  let isScheduled = false
  let stopped = false

  function begin(): void {
    for (const work of queue.splice(0, left)) {
      left--
      work()
    }
    if (isScheduled) return
    isScheduled = true
    clock.schedule(0, nextTurn)
  }

  function nextTurn(): void {
    isScheduled = false
    left = share
    if (queue.length > 0) begin()
  }

  return {
    add(work) {
      if (stopped) return
      queue.push(work)
      if (left > 0) begin()
    },
    stop() {
      stopped = true
      queue.length = 0
    },
  }
}
