import type { Broker, BrokerRecord } from '#messaging'
import type { Logger } from '#observability'
import { type Clock, within } from '../clock.ts'
import { type Committed, groupCommitter } from '../group-committer.ts'
import { intake as createIntake } from '../intake.ts'
import { type SagaStep, stepsTopic } from '../saga-steps.ts'
import type { Reading } from './story.ts'
import type { StoryStore } from './story-store.ts'
import { type ReadStep, storyTeller, type Told } from './story-teller.ts'

export type Follower = {
  readonly group: string
  readonly store: StoryStore
  /** Stores and commits what is under way, then leaves. Past `limit` ms it lets go, which loses nothing. */
  stop(limit: number): Promise<void>
}

type Read = ReadStep & { readonly done: () => void }

/** A fifth of a second between two readings: nobody waits for them but a viewer. */
const readingRest = () => 200
/** Between two writings: under load they are a second apart, and steps of a saga that come close together become one writing of its story. */
const writingRest = ({ items }: Committed) => Math.min(5 * items, 1_000)
/** So many steps are a backlog: no rest until it is done. */
const backlog = 4_000

/**
 * Follows every step of every saga into a store, from where the group stopped, or else from the beginning. What it has read it stores
 * before it commits, so after a crash it reads some steps twice, which changes nothing. `onTold` is called after each writing.
 */
export async function followStories(options: {
  readonly broker: Pick<Broker, 'consume'>
  readonly store: StoryStore
  readonly group: string
  readonly reading: Reading
  readonly clock: Clock
  readonly log: Logger
  readonly onTold: (told: readonly Told[]) => void
  readonly onFatal: (error: Error) => void
}): Promise<Follower> {
  const { broker, store, group, reading, clock, log, onTold, onFatal } = options
  const teller = storyTeller(store, reading)
  const committer = groupCommitter<Read>({
    ...{ name: 'store steps', commit: record, clock, log },
    maxBatch: backlog,
    rest: writingRest,
  })
  const intake = createIntake({ clock, log, skips: () => false, onRecord })

  function onRecord(record: BrokerRecord, done: () => void): void {
    try {
      committer.add({ ...teller.read(stepOf(record)), done })
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
    onTold(await teller.tell(batch))
    for (const { done } of batch) done()
  }

  const consumer = await broker.consume({
    groupId: group,
    topics: [stepsTopic],
    assignment: 'co-partitioned',
    rest: readingRest,
    handler: { onRecords: intake.onRecords, onAssigned: intake.onAssigned, onFatal },
  })
  intake.attach(consumer)
  log.info('the tracker follows every saga', { group, partitions: intake.owned().length })

  return {
    group,
    store,
    async stop(limit) {
      await consumer.stopFetching()
      const finished = committer.idle().then(() => intake.idle())
      await within(limit, clock, finished)
      for (const room of [committer, intake]) room.stop()
      await consumer.close()
    },
  }
}

function stepOf({ key, value }: BrokerRecord): SagaStep {
  const step = JSON.parse(String(value)) as SagaStep
  if (key === null || step.sagaId !== key) throw new TypeError('its key is not the id of its saga')
  return step
}
