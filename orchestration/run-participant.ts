import { randomUUID } from 'node:crypto'
import {
  type Broker,
  type BrokerRecord,
  type Codec,
  type Consumer,
  deadLetterTopic,
  TerminalError,
  type TopicPartition,
} from '#messaging'
import { gauge, type Logger, telemetryNames } from '#observability'
import type { Jitter } from './backoff.ts'
import { type Clock, systemClock, within } from './clock.ts'
import { controlTopic } from './control.ts'
import { crashLoopBreaker } from './crash-loop/crash-loop.ts'
import { marks as createMarks } from './crash-loop/marks.ts'
import { durability as createDurability } from './durability.ts'
import { effectRunner } from './effects/effect-runner.ts'
import { housekeeping as createHousekeeping, type HousekeepingWishes } from './housekeeping/housekeeping.ts'
import { spokenOf } from './housekeeping/spoken-of.ts'
import { intake as createIntake } from './intake.ts'
import { lanes as createLanes } from './lanes.ts'
import { messagesOf } from './messages.ts'
import type { Participant } from './participant.ts'
import { definitionMessage, definitionsTopic, stepsTopic } from './saga-steps.ts'
import { sagaTasks } from './saga-tasks.ts'
import { effectLease } from './step/head.ts'
import { stepper as createStepper } from './stepper.ts'
import type { Store } from './store.ts'
import { sweep as createSweep } from './sweep.ts'
import { turns as createTurns } from './turns.ts'

const { attributes, metrics } = telemetryNames

export type RunOptions = {
  readonly broker: Broker
  readonly store: Store
  readonly codec: Codec
  readonly log: Logger
  readonly clock?: Clock
  /** Default `Math.random`. */
  readonly random?: Jitter
  /** Of this run of this process, unlike any other's. Default a random UUID. */
  readonly runId?: string
  /** The consumer has died for good: end the process, so that a new one takes over. */
  readonly onFatal: (error: Error) => void
  /** Milliseconds between two looks for due timers and orphaned effects: how late a timer may be. Default 200. */
  readonly sweepInterval?: number
  readonly housekeeping?: HousekeepingWishes
}

export type RunningParticipant = {
  /**
   * Stops in order: no new records, what is under way is finished, published and committed, the group is left. Past `limit` ms (default 10,000) it
   * lets go of the rest, which loses nothing: the next owner finds it in the journal.
   */
  stop(limit?: number): Promise<void>
}

/**
 * Between two fetches: a saga alone is not held up by it, and many of them come in fewer, larger batches, where small ones would
 * fill the processors.
 */
const readingRest = (records: number) => Math.min(4 * records, 40)

/** Longest time, in ms, that a stop waits for the marks to be given back: without it the next owner only wonders once. */
const markLimit = 2_000

/** Runs a participant until it is stopped. Resolves when it has joined its group and owns its partitions. */
export async function runParticipant(part: Participant, options: RunOptions): Promise<RunningParticipant> {
  const { broker, store, codec, log, onFatal } = options
  const { clock = systemClock, random = Math.random, runId = randomUUID(), sweepInterval = 200 } = options
  const producer = await broker.producer()

  const lanes = createLanes({ clock, log, random })
  const durability = createDurability({
    store,
    producer,
    messagesOf: (row) => messagesOf(part, codec, row),
    onCovered: (sagaId, seq) => lanes.covered(sagaId, seq),
    // Records that run one at a time wait for each other's heads.
    headsMayWait: () => breaker.isOpen(),
    clock,
    log,
    random,
  })
  const effects = effectRunner({
    part,
    clock,
    log,
    random,
    onResult: (sagaId, result, trace) => lanes.add(sagaId, tasks.result(result, trace)),
  })
  const spoken = spokenOf({ store, clock, log, random })
  const stepper = createStepper({
    part,
    codec,
    durability,
    effects,
    onCopy: spoken.note,
    clock,
    newAttempt: attemptIds(runId),
  })
  const tasks = sagaTasks({ part, codec, durability, effects, stepper, clock, log, random })
  const intake = createIntake({
    clock,
    log,
    random,
    skips: ({ topic, headers }) =>
      topic !== controlTopic(part.name) &&
      headers.ce_type !== undefined &&
      !part.listensTo.has(headers.ce_type),
    onRecord: (record, done) => breaker.take(record, done),
  })
  const marks = createMarks({ store: store.marks, broker, group: part, clock, log, random, owner: runId })
  const turns = createTurns(clock)
  const breaker = crashLoopBreaker({
    marks,
    clock,
    log,
    run: (record, done, refusal) =>
      turns.add(() => lanes.add(record.key ?? '', tasks.record(record, done, refusal))),
    focus: intake.focus,
    onOpen: recover,
  })
  const overdue = gauge(metrics.sagaOverdue)
  const who = { [attributes.sagaParticipant]: part.name }
  const sweep = createSweep({
    store,
    clock,
    log,
    interval: sweepInterval,
    owned: () => (breaker.isOpen() ? intake.owned() : []),
    onOverdue: (sagas) => overdue.record(sagas, who),
    onDue: (head, done) => lanes.add(head._id, tasks.due(head, done)),
  })

  const gained = new Set<number>()

  function onAssigned(partitions: readonly TopicPartition[]): void {
    const before = new Set(intake.owned())
    intake.onAssigned(partitions)
    const now = intake.owned()
    for (const partition of now) if (!before.has(partition)) gained.add(partition)
    lanes.retain(now)
    effects.retain(now)
    breaker.onAssigned(now)
  }

  function onRecords(records: readonly BrokerRecord[]): void {
    intake.onRecords(records)
    const last = records.at(-1)
    if (last) breaker.reached(last)
  }

  /** Effects that died with the last owner fall due within one lease. */
  function recover(): void {
    const still = intake.owned().filter((partition) => gained.has(partition))
    void sweep.recover(still, effectLease)
    gained.clear()
  }

  async function join(): Promise<Consumer> {
    await demandTopics(part, broker)
    await producer.send([definitionMessage(part)])
    return await broker.consume({
      groupId: part.name,
      topics: part.topics,
      assignment: 'co-partitioned',
      rest: readingRest,
      handler: { onRecords, onAssigned, onFatal },
    })
  }

  const consumer = await join().catch(async (error) => {
    breaker.stop()
    await sweep.stop()
    await producer.close()
    throw error
  })
  intake.attach(consumer)
  log.info(`${part.name} has joined`, { topics: part.topics, partitions: intake.owned().length })

  const housekeeping = createHousekeeping({
    ...options.housekeeping,
    part,
    broker,
    store,
    lanes,
    owned: intake.owned,
    clock,
    log,
  })

  async function finish(): Promise<void> {
    breaker.stop()
    turns.stop()
    await consumer.stopFetching()
    await Promise.all([sweep.stop(), housekeeping.stop()])
    effects.stop()
    await lanes.idle()
    await durability.idle()
    await intake.idle()
  }

  return {
    async stop(limit = 10_000) {
      const finished = await within(limit, clock, finish())
      if (!finished) log.warn(`${part.name} did not finish within ${limit} ms and lets go`)
      await within(markLimit, clock, breaker.giveBack())
      for (const room of [effects, lanes, durability, spoken, intake, marks]) room.stop()
      await consumer.close()
      await producer.close()
    },
  }
}

/** Ids of insert attempts: unique over all processes, cheap to make. */
function attemptIds(runId: string): () => string {
  let count = 0
  return () => `${runId}/${count++}`
}

/** A topic that is missing would be noticed by its first message only, and hold up everything behind it. */
async function demandTopics(part: Participant, broker: Broker): Promise<void> {
  const own = Object.values(part.contracts.events).filter(({ owner }) => owner === part.name)
  const topics = [
    ...new Set([...own.map(({ topic }) => topic), deadLetterTopic(part.name), stepsTopic, definitionsTopic]),
  ]
  const admin = await broker.admin()
  try {
    const known = await admin.partitions(topics)
    const missing = topics.filter((topic) => !known.has(topic))
    if (missing.length === 0) return
    throw new TerminalError(
      `"${part.name}" writes to topics that do not exist: ${missing.join(', ')}. Create them first.`,
      {
        code: 'CHORUS_TOPIC_MISSING',
      },
    )
  } finally {
    await admin.close()
  }
}
