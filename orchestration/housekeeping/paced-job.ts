import type { Logger } from '#observability'
import type { Clock } from '../clock.ts'

/** Work that is never urgent: done a piece at a time, with pauses that leave the store to the traffic. */
export type PacedJob = {
  /** Begins no further piece, and resolves when the one under way is done. */
  stop(): Promise<void>
}

export type PacedJobOptions = {
  readonly name: string
  /** Resolves with whether more is left. What it rejects with is logged, and it comes again after the long pause. */
  readonly piece: () => Promise<boolean>
  readonly clock: Clock
  readonly log: Logger
  /** Milliseconds before the first piece, before the next one while more is left, and before it looks again. */
  readonly pauses: { readonly first: number; readonly between: number; readonly rest: number }
}

export function pacedJob({ name, piece, clock, log, pauses }: PacedJobOptions): PacedJob {
  let stopped = false
  let wake = () => {}
  const loop = run()

  async function run(): Promise<void> {
    for (let pause = pauses.first; !stopped; ) {
      await pauseOf(pause)
      if (stopped) return
      pause = (await more()) ? pauses.between : pauses.rest
    }
  }

  async function more(): Promise<boolean> {
    return piece().catch((error) => {
      log.warn(`${name} failed, trying again later`, { error: String(error) })
      return false
    })
  }

  function pauseOf(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = clock.schedule(ms, resolve)
      wake = () => {
        cancel()
        resolve()
      }
    })
  }

  return {
    async stop() {
      stopped = true
      wake()
      await loop
    },
  }
}
