import type { BrokerRecord, Consumer, TopicPartition } from '#messaging'
import type { Logger } from '#observability'
import type { Clock } from './clock.ts'
import { groupCommitter } from './group-committer.ts'
import { offsets as trackOffsets } from './offsets.ts'

/** From the consumer to the lanes and back: hands records on, bounds what is in flight, commits what is finished. */
export type Intake = {
  /** The consumer that commits and pauses go to. Before this call finished records are only remembered. */
  attach(consumer: Consumer): void
  onRecords(records: readonly BrokerRecord[]): void
  onAssigned(partitions: readonly TopicPartition[]): void
  /** Partition numbers owned now. */
  owned(): readonly number[]
  idle(): Promise<void>
  stop(): void
}

/** Records handed over and not yet finished: at the first number fetching pauses, at the second it goes on. */
const inFlightLimit = { pause: 4_000, resume: 2_000 }

export function intake(options: {
  readonly clock: Clock
  readonly log: Logger
  /** Nothing here listens to the record: it is finished unread. */
  readonly skips: (record: BrokerRecord) => boolean
  readonly onRecord: (record: BrokerRecord, done: () => void) => void
}): Intake {
  const { clock, log, skips, onRecord } = options
  const offsets = trackOffsets()
  const commits = groupCommitter<null>({
    name: 'offset commit',
    commit,
    clock,
    log,
    maxBatch: Number.POSITIVE_INFINITY,
  })
  let consumer: Consumer | undefined
  let assigned: readonly TopicPartition[] = []
  let inFlight = 0
  let paused = false

  async function commit(): Promise<void> {
    if (!consumer) return
    const { positions, acknowledge } = offsets.committable()
    if (positions.length > 0) await consumer.commit(positions)
    acknowledge()
  }

  function take(record: BrokerRecord): void {
    const finish = offsets.track(record)
    if (skips(record)) {
      finish()
      commits.add(null)
      return
    }
    inFlight++
    onRecord(record, () => {
      inFlight--
      finish()
      commits.add(null)
      balance()
    })
  }

  function balance(): void {
    if (!paused && inFlight >= inFlightLimit.pause) {
      paused = true
      consumer?.pause(assigned)
    } else if (paused && inFlight <= inFlightLimit.resume) {
      paused = false
      consumer?.resume(assigned)
    }
  }

  return {
    attach(joined) {
      consumer = joined
      if (paused) consumer.pause(assigned)
      commits.add(null)
    },
    onRecords(records) {
      for (const record of records) take(record)
      balance()
    },
    onAssigned(partitions) {
      offsets.reset()
      assigned = partitions
      if (paused) consumer?.pause(assigned)
    },
    owned: () => [...new Set(assigned.map(({ partition }) => partition))],
    idle: () => commits.idle(),
    stop: () => commits.stop(),
  }
}
