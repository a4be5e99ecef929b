import type { Broker, Contracts } from '#messaging'
import type { Logger } from '#observability'
import { type Clock, systemClock, within } from '../clock.ts'
import { controlTopic } from '../control.ts'
import { pacedJob } from '../housekeeping/paced-job.ts'
import { stepsTopic } from '../saga-steps.ts'
import { businessIds } from './business-ids.ts'
import type { Definitions } from './definitions.ts'
import { followDefinitions } from './follow-definitions.ts'
import { followGenerations, type Rebuild } from './follow-generations.ts'
import { type Follower, followStories } from './follow-stories.ts'
import { planStart } from './generations.ts'
import { type LagReading, lagWatch, type WatchedGroup } from './lag/watch-lag.ts'
import { purgeStories } from './purge-stories.ts'
import { type Rates, rates } from './rates.ts'
import type { Story } from './saga-machine.ts'
import type { Generation, StoryShelf } from './story-shelf.ts'
import type { StoryStore } from './story-store.ts'
import type { Told } from './story-teller.ts'

export type TrackerOptions = {
  /** A tracker watches: it has no way to produce anything. */
  readonly broker: Pick<Broker, 'consume' | 'admin'>
  readonly shelf: StoryShelf
  /** Say which ids of an event a person may look for. */
  readonly contracts: Contracts
  readonly log: Logger
  readonly clock?: Clock
  /** Tell all stories anew, as far back as their steps are kept, and show the old ones until that is done. */
  readonly rebuild?: boolean
  /** Milliseconds that the story of an ended saga stays. Default, and never less: the longest time that a step can stay in its topic, and a day. */
  readonly archiveAfter?: number | undefined
  /** A consumer has died for good: end the process, so that a new one takes over. */
  readonly onFatal: (error: Error) => void
}

/** Something that whoever shows it may want to show anew. */
export type TrackerNews =
  | { readonly type: 'told'; readonly told: readonly Told[] }
  | { readonly type: 'lag'; readonly lag: LagReading }

export type RunningTracker = {
  readonly definitions: Definitions
  readonly rates: Rates
  /** The stories that are shown now; others after a change-over. */
  stories(): StoryStore
  lag(): LagReading
  rebuild(): Rebuild
  /** Calls `listener` after each writing and each look at the lag, until the returned function is called. */
  watch(listener: (news: TrackerNews) => void): () => void
  /** Stores and commits what is under way, then leaves. Past `limit` ms (default 10,000) it lets go, which loses nothing. */
  stop(limit?: number): Promise<void>
}

/** Milliseconds before looks at the lag, and at what other trackers have decided: while stories are told anew, more often. */
const looks = { first: 0, between: 1_000, rest: 5_000 }

/** Stories that are counted at the start, of either kind. */
const mostRecent = 5_000

/** Follows every step of every saga into the shelf until it is stopped. Resolves when it knows the definitions and has joined its group. */
export async function runTracker(options: TrackerOptions): Promise<RunningTracker> {
  const { broker, shelf, contracts, log, clock = systemClock, archiveAfter, onFatal } = options
  const listeners = new Set<(news: TrackerNews) => void>()
  const counted = rates()
  const watch = lagWatch(broker, clock)
  const plan = await planStart(shelf, options.rebuild ?? false)
  // Definitions before steps: they say whom an event is for.
  const book = await followDefinitions({ broker, group: shelf.firstGroup, log, clock, onFatal })
  const { definitions } = book
  const reading = { definitions, businessIds: businessIds(contracts) }
  let shownGroup = plan.shown.group

  function spread(news: TrackerNews): void {
    for (const listener of listeners) listener(news)
  }

  async function follow(generation: Generation): Promise<Follower> {
    const { group } = generation
    const store = await shelf.open(generation)
    if (group === plan.shown.group) counted.count(await recentlyTold(store))
    return await followStories({
      ...{ broker, store, group, reading, clock, log, onFatal },
      onTold(told) {
        if (group !== shownGroup) return
        counted.count(told)
        spread({ type: 'told', told })
      },
    })
  }

  const followed = await followGenerations({ shelf, plan, follow, now: clock.now, log }).catch(
    async (error) => {
      await book.close()
      throw error
    },
  )

  async function look(): Promise<boolean> {
    const lag = await watch.look(watchedGroups(definitions, followed.groups()))
    if (lag.error === null) await followed.check(lag)
    shownGroup = followed.shown().group
    spread({ type: 'lag', lag })
    return followed.rebuild(lag).state === 'rebuilding'
  }

  const stories = () => followed.shown().store
  const looking = pacedJob({ name: 'looking at the lag', piece: look, clock, log, pauses: looks })
  const purging = purgeStories({ broker, stories, archiveAfter, clock, log })

  return {
    definitions,
    rates: counted,
    stories,
    lag: watch.now,
    rebuild: () => followed.rebuild(watch.now()),
    watch(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async stop(limit = 10_000) {
      await within(limit, clock, Promise.all([looking.stop(), purging.stop()]))
      await followed.stop(limit)
      await watch.close()
      await book.close()
    },
  }
}

/** What the counts of the last hour begin with: what was told before, the newest of it. */
async function recentlyTold(store: StoryStore): Promise<{ readonly before: null; readonly after: Story }[]> {
  const ended = await store.list({ states: ['ended'] }, { order: 'urgency', limit: mostRecent })
  const open = await store.list({ states: ['running', 'waiting'] }, { order: 'newest', limit: mostRecent })
  return [...ended, ...open].map((after) => ({ before: null, after }))
}

/** Every participant is a group of its own name, which reads where the events lie that it listens to, and its commands. */
function watchedGroups(definitions: Definitions, own: readonly string[]): WatchedGroup[] {
  const participants = definitions.newest().map(({ participant, listensTo }) => {
    const spoken = listensTo.map(({ topic }) => topic)
    return { group: participant, topics: [...new Set([...spoken, controlTopic(participant)])].sort() }
  })
  return [...participants, ...own.map((group) => ({ group, topics: [stepsTopic] }))]
}
