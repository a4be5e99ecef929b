import { createHash } from 'node:crypto'
import { eventQueue, type Scheduled } from './event-queue.ts'

/**
 * Virtual time, and everything that is still to happen in it. Nothing of a simulation waits for anything else: whoever awaits,
 * awaits a task of this queue. So the order of all that happens follows from what is scheduled, and with it from the seed.
 */
export type Scheduler = {
  /** Epoch milliseconds, whole ones. Moves only from task to task. */
  now(): number
  /** Calls `task` once, `ms` from now, after whatever is due before it or was scheduled earlier for the same millisecond. `label` tells it in the trace. Returns what cancels it. */
  after(ms: number, label: string, task: () => void): () => void
  /** Adds a line to the trace: what a task did that its label does not say. */
  note(text: string): void
  /** Runs tasks until `met`, and resolves with true; with false when `limit` (ms from now) passes or nothing is left to run. Rejects with what a task throws. */
  run(met: () => boolean, limit: number): Promise<boolean>
  /** Tasks that have run. */
  ran(): number
  /** Of the whole trace so far: equal for runs in which the same happened at the same times, in the same order. Ends the trace. */
  traceHash(): string
}

/** When every simulation begins. */
const beginning = Date.UTC(2026, 0, 1)

/** Tasks between two returns to the event loop's other work. */
const atOnce = 64

/** `onTrace` is told every line of the trace. */
export function createScheduler({
  onTrace,
}: {
  onTrace?: ((line: string) => void) | undefined
} = {}): Scheduler {
  const queue = eventQueue()
  const hash = createHash('sha1')
  let now = beginning
  let ran = 0
  let trace: string[] = []

  function note(text: string): void {
    const line = `${now - beginning} ${text}`
    onTrace?.(line)
    trace.push(line)
    if (trace.length >= 1_000) flush()
  }

  function flush(): void {
    hash.update(`${trace.join('\n')}\n`)
    trace = []
  }

  return {
    now: () => now,
    after(ms, label, task) {
      return queue.add(now + Math.max(0, Math.ceil(ms)), label, task)
    },
    note,
    run(met, limit) {
      const end = now + limit
      return new Promise((resolve, reject) => {
        let over = false

        function finish(isMet: boolean): void {
          if (!isMet) now = end
          over = true
          resolve(isMet)
        }

        function step(): void {
          if (over) return
          const isMet = met()
          const next = isMet ? undefined : queue.takeUntil(end)
          if (next) perform(next)
          else finish(isMet)
        }

        function perform({ at, label, task }: Scheduled): void {
          now = at
          ran++
          note(label)
          try {
            task()
          } catch (error) {
            over = true
            reject(error)
          }
        }

        /** Node empties the queue of microtasks between two of these: each task is felt to its end before the next one begins. */
        function turn(): void {
          for (let i = 0; i < atOnce; i++) setImmediate(step)
          setImmediate(() => over || turn())
        }
        turn()
      })
    },
    ran: () => ran,
    traceHash() {
      flush()
      return hash.digest('hex').slice(0, 16)
    },
  }
}
