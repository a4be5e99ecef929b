import { setTimeout as sleep } from 'node:timers/promises'
import type { EachBatchPayload, IMemberAssignment, Consumer as KafkaJsConsumer } from 'kafkajs'
import type { ConsumerHandler, Rest, TopicPartition } from '../broker.ts'
import type { Ownership } from './ownership.ts'
import { brokerRecord } from './records.ts'

export type DeliveryOptions = {
  readonly consumer: KafkaJsConsumer
  readonly own: Ownership
  readonly handler: ConsumerHandler
  /** Whether positions survive a new assignment: those of a consumer without a group do. */
  readonly keepsPositions: boolean
  /** Between a fetch that reached the end of one of its partitions and the next one. */
  readonly rest: Rest | undefined
  /** Called at each sign of life. */
  readonly onProgress: () => void
  /** Called when the handler threw, which it must not. */
  readonly onThrow: (error: Error) => void
}

export type Delivery = {
  readonly eachBatch: (payload: EachBatchPayload) => Promise<void>
  pause(partitions: readonly TopicPartition[]): void
  resume(partitions: readonly TopicPartition[]): void
  /** From now on nothing is handed over, and partitions that are assigned later are not fetched. */
  stop(): void
}

/**
 * Stands between kafkajs and a handler. Nothing here throws, and nothing waits but a rest: in kafkajs the next fetch begins when all
 * batches of the last one are done with, and an exception ends the consumer.
 */
export function delivery(options: DeliveryOptions): Delivery {
  const { consumer, own, handler, keepsPositions, rest, onProgress, onThrow } = options
  const isStale = staleness(consumer, own)
  const stopping = new AbortController()
  let stopped = false
  /** Of the latest fetch. */
  let handedOver = 0

  function call(handle: () => void): void {
    onProgress()
    try {
      handle()
    } catch (error) {
      onThrow(error as Error)
    }
  }

  function resting(ms: number): Promise<void> {
    return sleep(ms, undefined, { signal: stopping.signal }).catch(() => {})
  }

  function halt(partitions: readonly TopicPartition[]): void {
    if (partitions.length > 0) consumer.pause(selection(partitions))
  }

  function assign(assignment: IMemberAssignment): void {
    const partitions = Object.entries(assignment).flatMap(([topic, numbers]) =>
      numbers.map((partition) => ({ topic, partition })),
    )
    const positions = keepsPositions ? partitions.map((at) => ({ ...at, offset: own.next(at) ?? 0n })) : []
    for (const at of positions) consumer.seek({ ...at, offset: String(at.offset) })
    // kafkajs keeps pauses across a rebalance; the port lifts them, as the positions behind them are void.
    consumer.resume(selection(own.owned()))
    own.assign(partitions, positions)
    if (stopped) halt(partitions)
    call(() => handler.onAssigned?.(partitions))
  }

  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => assign(payload.memberAssignment))
  consumer.on(consumer.events.FETCH, () => {
    handedOver = 0
  })
  consumer.on(consumer.events.STOP, () => own.release())
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
    // Control records (of somebody's transactions) move the position without being handed over.
    if (payload.batchSize === 0) own.advance(payload, BigInt(payload.lastOffset) + 1n)
  })

  return {
    async eachBatch({ batch, resolveOffset }) {
      const { topic, partition, messages } = batch
      const last = messages.at(-1)
      // What is not resolved is fetched again when it is wanted.
      if (stopped || !last || own.isPaused(batch) || isStale()) return
      resolveOffset(last.offset)
      own.advance(batch, BigInt(batch.lastOffset()) + 1n)
      const records = messages.map((message) => brokerRecord(topic, partition, message))
      call(() => handler.onRecords(records))
      handedOver += records.length
      if (rest && batch.offsetLag() === '0') await resting(rest(handedOver))
    },
    pause(partitions) {
      const owned = partitions.filter((at) => own.owns(at))
      for (const at of owned) own.pause(at)
      halt(owned)
    },
    resume(partitions) {
      const owned = partitions.filter((at) => own.owns(at))
      for (const at of owned) own.resume(at)
      onProgress()
      if (!stopped && owned.length > 0) consumer.resume(selection(owned))
    },
    stop() {
      stopped = true
      stopping.abort()
      halt(own.owned())
    },
  }
}

/** Partitions in kafkajs' words. */
function selection(partitions: readonly TopicPartition[]): { topic: string; partitions: number[] }[] {
  return partitions.map(({ topic, partition }) => ({ topic, partitions: [partition] }))
}

/**
 * Whether the batches being delivered were asked for under an older assignment. kafkajs has one fetch loop per broker; when one of
 * them joins the group anew because its metadata was stale, an answer of another loop still counts and would move the new
 * generation's position past records that were never committed.
 */
function staleness(consumer: KafkaJsConsumer, own: Ownership): () => boolean {
  const asked = new Map<number, number>()
  let stale = false
  consumer.on(consumer.events.FETCH_START, ({ payload: { nodeId } }) => asked.set(nodeId, own.generation()))
  consumer.on(consumer.events.FETCH, ({ payload: { nodeId } }) => {
    stale = asked.get(nodeId) !== own.generation()
  })
  return () => stale
}
