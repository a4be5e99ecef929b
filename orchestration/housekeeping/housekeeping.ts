import { type Broker, deadLetterTopic } from '#messaging'
import type { Logger } from '#observability'
import type { Clock } from '../clock.ts'
import type { Lanes } from '../lanes.ts'
import type { Participant } from '../participant.ts'
import type { Store } from '../store.ts'
import { ageBound, longestStays } from './age-bound.ts'
import type { FinishedHead } from './archive.ts'
import { handledSince } from './handled.ts'
import { type PacedJob, pacedJob } from './paced-job.ts'
import { putAway } from './put-away.ts'
import { remarks } from './remarks.ts'
import { undisturbed } from './undisturbed.ts'

/** What a service may wish of the housekeeping of its sagas. Times in milliseconds. */
export type HousekeepingWishes = {
  /**
   * How long a saga stays after it was last spoken of. Default, and never less: the longest time that a record can stay in its topics,
   * and a day.
   */
  readonly archiveAfter?: number | undefined
  /** How long it is kept in the archive after that. Default a year. */
  readonly keepArchived?: number | undefined
  /** For what the service keeps of sagas beside their journal: removes at most `limit` of what is older than `before`; returns how many. */
  readonly purge?: (before: number, limit: number) => Promise<number>
}

export type HousekeepingOptions = HousekeepingWishes & {
  readonly part: Pick<Participant, 'name' | 'topics'>
  readonly broker: Pick<Broker, 'admin'>
  readonly store: Store
  readonly lanes: Pick<Lanes, 'add'>
  readonly owned: () => readonly number[]
  readonly clock: Clock
  readonly log: Logger
}

/** At most so many sagas a piece, five pieces a second: 500 sagas a second in each process. */
const pieceSize = 100
const pauses = { first: 60_000, between: 200, rest: 600_000 }
const year = 365 * 24 * 60 * 60 * 1000

/** From the oldest finished saga to the youngest that may go. */
type Pass = {
  /** Those whose topics are read so far that nothing old can come any more. */
  readonly partitions: readonly number[]
  readonly before: number
  /** For sagas that have sent something to the dead letters: it can be brought back from there. */
  readonly beforeWithLetters: number
  readonly done: { archived: number; expired: number; purged: number }
  after?: FinishedHead
}

/**
 * Moves finished sagas out of the journal into the archive, and lets go of what the archive has held long enough. It may die at any
 * moment: what it has begun is found again. How long a saga stays is computed anew for each pass.
 */
export function housekeeping(options: HousekeepingOptions): PacedJob {
  const { part, broker, store, lanes, owned, clock, log } = options
  const { archiveAfter, keepArchived = year, purge = async () => 0 } = options
  const handled = handledSince({ broker, groupId: part.name, topics: part.topics, clock })
  const remark = remarks(log)
  let pass: Pass | undefined

  async function piece(): Promise<boolean> {
    pass ??= await begin()
    const sagas = await archiveSome(pass)
    // What belongs to no partition is the work of whoever owns the first one.
    const [expired, purged] = owned().includes(0) ? await purgeSome(pass) : [0, 0]
    if (Math.max(sagas, expired, purged) >= pieceSize) return true
    if (Object.values(pass.done).some((count) => count > 0))
      log.info('housekeeping is done for now', pass.done)
    pass = undefined
    return false
  }

  async function begin(): Promise<Pass> {
    const withLetters = [...part.topics, deadLetterTopic(part.name)]
    const stays = await longestStays(broker, withLetters)
    const bound = ageBound(part.topics, stays, archiveAfter)
    if (bound.remark) remark(bound.remark)
    // A record that nobody has read yet may be a copy of an old one: time counts only as far as the topics are read.
    const { asOf, partitions } = await handled()
    return {
      partitions: owned().filter((partition) => partitions.has(partition)),
      before: asOf - bound.after,
      beforeWithLetters: asOf - ageBound(withLetters, stays, archiveAfter).after,
      done: { archived: 0, expired: 0, purged: 0 },
    }
  }

  /** Returns how many sagas it has looked at. */
  async function archiveSome(current: Pass): Promise<number> {
    const { partitions, before, beforeWithLetters, after, done } = current
    const query = { partitions: partitions.filter((own) => owned().includes(own)), before, limit: pieceSize }
    const page = await store.archive.finished({ ...query, ...(after && { after }) })
    const due = page.filter(({ head, finishedAt }) => !head.givenUp || finishedAt < beforeWithLetters)
    const ids = due.map(({ head }) => head._id)
    await undisturbed(lanes, ids, async (among) => {
      // Asked once more: from here on nothing happens to them.
      const found = await store.archive.finished({ ...query, among })
      const archivedAt = clock.now()
      const { gone, tooLarge } = await putAway(store, found, {
        archivedAt,
        expireAt: archivedAt + keepArchived,
      })
      for (const { _id } of tooLarge)
        remark(`saga ${_id} is too large for the archive and stays in the journal`)
      done.archived += gone.length
    })
    const last = page.at(-1)
    if (last) current.after = last
    return page.length
  }

  async function purgeSome({ before, done }: Pass): Promise<readonly [expired: number, purged: number]> {
    const expired = await store.archive.expire(clock.now(), pieceSize)
    done.expired += expired
    const purged = await purge(before, pieceSize)
    done.purged += purged
    return [expired, purged]
  }

  return pacedJob({ name: 'housekeeping', piece, clock, log, pauses })
}
