import type { Broker } from '#messaging'
import type { Logger } from '#observability'
import type { Clock } from '../clock.ts'
import { ageBound, longestStays } from '../housekeeping/age-bound.ts'
import { type PacedJob, pacedJob } from '../housekeeping/paced-job.ts'
import { remarks } from '../housekeeping/remarks.ts'
import { stepsTopic } from '../saga-steps.ts'
import type { StoryStore } from './story-store.ts'

const pieceSize = 100
const pauses = { first: 60_000, between: 200, rest: 600_000 }

/**
 * Forgets stories that have ended, when none of their steps can be read any more: a step that is read again would begin its
 * story anew. Several trackers may do it at once.
 */
export function purgeStories(options: {
  readonly broker: Pick<Broker, 'admin'>
  /** Those that are shown. */
  readonly stories: () => StoryStore
  /** Milliseconds; lengthens the time that a story stays, and never shortens it. */
  readonly archiveAfter: number | undefined
  readonly clock: Clock
  readonly log: Logger
}): PacedJob {
  const { broker, stories, archiveAfter, clock, log } = options
  const remark = remarks(log)

  async function piece(): Promise<boolean> {
    const bound = ageBound([stepsTopic], await longestStays(broker, [stepsTopic]), archiveAfter)
    if (bound.remark) remark(bound.remark)
    const purged = await stories().purge(clock.now() - bound.after, pieceSize)
    if (purged > 0) log.info('old stories are purged', { purged })
    return purged >= pieceSize
  }

  return pacedJob({ name: 'purging stories', piece, clock, log, pauses })
}
