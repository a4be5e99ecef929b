import type { BrokerRecord, Consumer, TopicPartition } from '#messaging'
import type { Logger } from '#observability'
import type { Jitter } from './backoff.ts'
import type { Clock } from './clock.ts'
import { groupCommitter } from './group-committer.ts'
import { offsets as trackOffsets } from './offsets.ts'

/** From the consumer to the lanes and back: hands records on, bounds what is in flight, commits what is finished. */
export type Intake = {
  /** The consumer that commits and pauses go to. Before this call finished records are only remembered. */
  attach(consumer: Consumer): void
  onRecords(records: readonly BrokerRecord[]): void
  onAssigned(partitions: readonly TopicPartition[]): void
  /** Fetches from these partition numbers only; `null`: from all. The next assignment lifts it. */
  focus(partitions: readonly number[] | null): void
  /** Partition numbers owned now. */
  owned(): readonly number[]
  idle(): Promise<void>
  stop(): void
}

/** A commit costs a request, and what is not committed yet is known again when it is read again: so long from one to the next, in ms. */
const commitRest = () => 500

/** Records handed over and not yet finished, of the partitions that are fetched from: at the first number fetching pauses, at the second it goes on. */
const inFlightLimit = { pause: 4_000, resume: 2_000 }

export function intake(options: {
  readonly clock: Clock
  readonly log: Logger
  readonly random?: Jitter
  /** Nothing here listens to the record: it is finished unread. */
  readonly skips: (record: BrokerRecord) => boolean
  readonly onRecord: (record: BrokerRecord, done: () => void) => void
}): Intake {
  const { clock, log, random, skips, onRecord } = options
  const offsets = trackOffsets()
  const commits = groupCommitter<null>({
    name: 'offset commit',
    commit,
    clock,
    log,
    random,
    maxBatch: Number.POSITIVE_INFINITY,
    rest: commitRest,
  })
  let consumer: Consumer | undefined
  let assigned: readonly TopicPartition[] = []
  let inFlight = 0
  const inFlightOf = new Map<number, number>()
  let focused: readonly number[] | null = null
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
    count(record, 1)
    onRecord(record, () => {
      count(record, -1)
      finish()
      commits.add(null)
      balance()
    })
  }

  function count({ partition }: TopicPartition, change: 1 | -1): void {
    inFlight += change
    inFlightOf.set(partition, (inFlightOf.get(partition) ?? 0) + change)
  }

  function load(): number {
    return focused?.reduce((sum, partition) => sum + (inFlightOf.get(partition) ?? 0), 0) ?? inFlight
  }

  function wanted(): readonly TopicPartition[] {
    return assigned.filter(({ partition }) => focused?.includes(partition) ?? true)
  }

  function balance(): void {
    const busy = load()
    if (!paused && busy >= inFlightLimit.pause) {
      paused = true
      consumer?.pause(wanted())
    } else if (paused && busy <= inFlightLimit.resume) {
      paused = false
      consumer?.resume(wanted())
    }
  }

  /** After an assignment, or with a consumer that is new, nothing is paused. */
  function hold(): void {
    const flowing = paused ? [] : wanted()
    const rest = assigned.filter((at) => !flowing.includes(at))
    if (rest.length > 0) consumer?.pause(rest)
  }

  return {
    attach(joined) {
      consumer = joined
      hold()
      commits.add(null)
    },
    onRecords(records) {
      for (const record of records) take(record)
      balance()
    },
    onAssigned(partitions) {
      offsets.reset()
      assigned = partitions
      focused = null
      hold()
    },
    focus(partitions) {
      focused = partitions
      paused = load() >= inFlightLimit.pause
      if (!paused) consumer?.resume(wanted())
      hold()
    },
    owned: () => [...new Set(assigned.map(({ partition }) => partition))],
    idle: () => commits.idle(),
    stop: () => commits.stop(),
  }
}
