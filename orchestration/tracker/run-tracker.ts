import type { Broker, BrokerRecord, Consumer } from '#messaging'
import type { Logger } from '#observability'
import { type Clock, systemClock, within } from '../clock.ts'
import { groupCommitter } from '../group-committer.ts'
import { intake as createIntake } from '../intake.ts'
import { type SagaStep, stepsTopic } from '../saga-steps.ts'
import type { Definitions } from './definitions.ts'
import { followDefinitions } from './follow-definitions.ts'
import { purgeStories } from './purge-stories.ts'
import { tell } from './saga-machine.ts'
import { type StepTaken, stepTaken } from './story.ts'
import type { StoryStore } from './story-store.ts'

export type TrackerOptions = {
  /** A tracker watches: it has no way to produce anything. */
  readonly broker: Pick<Broker, 'consume' | 'admin'>
  readonly store: StoryStore
  /** `true`: go on where the group `tracker` stopped. `false`, for a store that did not outlive the last process: read all again. */
  readonly resume: boolean
  readonly log: Logger
  readonly clock?: Clock
  /** Milliseconds that the story of an ended saga stays. Default, and never less: the longest time that a step can stay in its topic, and a day. */
  readonly archiveAfter?: number | undefined
  /** A consumer has died for good: end the process, so that a new one takes over. */
  readonly onFatal: (error: Error) => void
}

export type RunningTracker = {
  readonly definitions: Definitions
  /** Stores and commits what is under way, then leaves. Past `limit` ms (default 10,000) it lets go, which loses nothing. */
  stop(limit?: number): Promise<void>
}

const group = 'tracker'

type Read = { readonly step: SagaStep; readonly taken: StepTaken; readonly done: () => void }

/**
 * Follows every step of every saga into the store until it is stopped. Resolves when it knows the definitions and has joined its group.
 * What it has read it stores before it commits, so after a crash it reads some steps twice, which changes nothing.
 */
export async function runTracker(options: TrackerOptions): Promise<RunningTracker> {
  const { broker, store, resume, log, clock = systemClock, archiveAfter, onFatal } = options
  // Definitions first: they say whom an event is for.
  const { definitions, close: closeDefinitions } = await followDefinitions({
    broker,
    group,
    log,
    clock,
    onFatal,
  })
  const committer = groupCommitter<Read>({ name: 'store steps', commit: record, clock, log })
  const intake = createIntake({ clock, log, skips: () => false, onRecord })

  function onRecord(record: BrokerRecord, done: () => void): void {
    try {
      const step = stepOf(record)
      committer.add({ step, taken: stepTaken(step, definitions.listenersOf), done })
    } catch (error) {
      // Nothing is at stake but the view, and a tracker writes no dead letters: it says so and goes on.
      log.error('a record is not a step and is left out', {
        topic: record.topic,
        partition: record.partition,
        offset: String(record.offset),
        error: String(error),
      })
      done()
    }
  }

  async function record(batch: readonly Read[]): Promise<void> {
    await store.insertSteps(batch.map(({ step }) => step))
    const bySaga = Map.groupBy(batch, ({ step }) => step.sagaId)
    const stored = new Map(
      (await store.readStories([...bySaga.keys()])).map((story) => [story.sagaId, story]),
    )
    const changed = [...bySaga].flatMap(([sagaId, reads]) => {
      const before = stored.get(sagaId) ?? null
      const after = reads.reduce((story, { taken }) => tell(story, sagaId, taken), before)
      return after === null || after === before ? [] : [after]
    })
    await store.writeStories(changed)
    for (const { done } of batch) done()
  }

  let steps: Consumer
  try {
    steps = await broker.consume({
      groupId: group,
      topics: [stepsTopic],
      assignment: resume ? 'co-partitioned' : 'standalone',
      handler: { onRecords: intake.onRecords, onAssigned: intake.onAssigned, onFatal },
    })
  } catch (error) {
    await closeDefinitions()
    throw error
  }
  intake.attach(steps)
  const purging = purgeStories({ broker, store, archiveAfter, clock, log })
  log.info('the tracker follows every saga', { partitions: intake.owned().length })

  return {
    definitions,
    async stop(limit = 10_000) {
      await Promise.all([steps.stopFetching(), within(limit, clock, purging.stop())])
      const finished = committer.idle().then(() => intake.idle())
      await within(limit, clock, finished)
      for (const room of [committer, intake]) room.stop()
      await steps.close()
      await closeDefinitions()
    },
  }
}

function stepOf({ key, value }: BrokerRecord): SagaStep {
  const step = JSON.parse(String(value)) as SagaStep
  if (key === null || step.sagaId !== key) throw new TypeError('its key is not the id of its saga')
  return step
}
