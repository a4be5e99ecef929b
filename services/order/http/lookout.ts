import type { Logger } from '#observability'
import type { Clock } from '#orchestration'

/** Knows how things stand at a server without asking it in every request. */
export type Lookout<Seen> = {
  /** What the newest look that succeeded saw. */
  seen(): Seen
  /** The newest look failed, or takes too long. */
  down(): boolean
  /** Somebody wants to know: begins to look, unless that is under way. */
  wake(): void
}

export type LookoutOptions<Seen> = {
  /** Of the server, for the log. */
  readonly name: string
  readonly look: () => Promise<Seen>
  /** What is held to be true before the first look. */
  readonly initial: Seen
  /** Looks go on while this is true, although nobody wants to know any more. */
  readonly uneasy: (seen: Seen) => boolean
  readonly limits: { readonly lookMs: number; readonly lookLimitMs: number }
  readonly clock: Clock
  readonly log: Logger
  readonly stopping: AbortSignal
}

/**
 * Looks once in `lookMs` while somebody wants to know or the server is down, so that what is known is never much older; one look at a
 * time. A look that has not ended after `lookLimitMs` counts as failed until it ends.
 */
export function lookout<Seen>(options: LookoutOptions<Seen>): Lookout<Seen> {
  const { name, look, initial, uneasy, limits, clock, log, stopping } = options
  let seen = initial
  let down = false
  let looking = false
  let wanted = false

  function tell(failed: boolean, error?: unknown): void {
    if (failed && !down)
      log.warn(`${name} does not answer: what needs it is refused until it does`, { error })
    if (!failed && down) log.info(`${name} answers again`)
    down = failed
  }

  async function watch(): Promise<void> {
    looking = !stopping.aborted && (wanted || down || uneasy(seen))
    if (!looking) return
    wanted = false
    const cancel = clock.schedule(limits.lookLimitMs, () =>
      tell(true, `no answer in ${limits.lookLimitMs} ms`),
    )
    try {
      seen = await look()
      cancel()
      tell(false)
    } catch (error) {
      cancel()
      tell(true, error)
    }
    clock.schedule(limits.lookMs, () => void watch())
  }

  return {
    seen: () => seen,
    down: () => down,
    wake() {
      wanted = true
      if (!looking) void watch()
    },
  }
}
