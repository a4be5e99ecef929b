/**
 * The broker port: all that Chorus asks of Kafka. Two brokers implement it, Kafka and memory, and both pass
 * `messaging/broker.conformance.ts`. Each comment here is a promise that the suite holds.
 */

/**
 * Header values are text, sent as UTF-8. Of what others sent, bytes that are no UTF-8 arrive as latin1 text, so none is lost; of
 * repeated headers the last one counts.
 */
export type Headers = Readonly<Record<string, string>>

/** A message on its way out, to the partition that `partitionOf` says. Messages with the same key keep their order, also across `send` calls. */
export type OutgoingMessage = {
  readonly topic: string
  readonly key: string
  readonly value: Buffer | null
  readonly headers: Headers
}

/** A message as the broker holds it. `offset` is the position in its partition. */
export type BrokerRecord = {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  readonly key: string | null
  readonly value: Buffer | null
  readonly headers: Headers
  /** Epoch milliseconds, as the broker stored it. */
  readonly timestamp: number
}

export type TopicPartition = { readonly topic: string; readonly partition: number }

/** `offset` is the next offset to read, as Kafka counts commits. */
export type Position = TopicPartition & { readonly offset: bigint }

export type TopicSpec = {
  readonly name: string
  readonly partitions: number
  /** Broker settings by Kafka's names, e.g. `retention.ms`, `cleanup.policy`. */
  readonly settings?: Readonly<Record<string, string>>
}

/**
 * What a consumer does with records. None of these may block or throw: a consumer that is busy pauses partitions instead, and
 * one whose handler throws is dead.
 */
export type ConsumerHandler = {
  /** Fetched records of one partition, in offset order. Handing them over moves the fetch position, never the commit. */
  onRecords(records: readonly BrokerRecord[]): void
  /**
   * The partitions this member owns from now on (the whole set, per topic), before the first of their records. Fetching starts
   * again at the committed offsets and all pauses are lifted, so positions and pauses from before this call are void. A standalone
   * consumer goes on where it was.
   */
  onAssigned?(partitions: readonly TopicPartition[]): void
  /** The consumer is dead and will not come back by itself; the process should end. */
  onFatal?(error: Error): void
}

export type ConsumerOptions = {
  readonly groupId: string
  /** All members of a group name the same topics; they may differ while a deployment adds one. */
  readonly topics: readonly string[]
  readonly handler: ConsumerHandler
  /**
   * `co-partitioned` (participants): all topics have the same number of partitions (refused at start otherwise) and one
   * member owns partition p of all of them. `standalone` (viewers): no group, every partition, nothing is committed.
   */
  readonly assignment: 'co-partitioned' | 'standalone'
  /**
   * Where a partition without a committed offset starts, at each assignment. Default `earliest`. `latest` for a group is found
   * with its first fetch: what is sent before that may be passed over. For a standalone consumer it is the time of the call.
   */
  readonly startFrom?: 'earliest' | 'latest'
  /** Default: none. A broker that need not be asked does not rest. */
  readonly rest?: Rest
}

/**
 * Milliseconds from a handing over of so many records until more is asked for, while there is no backlog: what comes meanwhile comes
 * together, since a request for one record costs as much as one for a hundred.
 */
export type Rest = (records: number) => number

export type Consumer = {
  /**
   * Stores positions for the group. A lost partition or a rebalance in progress is not an error: it resolves, and the records come
   * again. Rejects with a `RetryableError` when the broker does not answer; repeating is safe.
   */
  commit(positions: readonly Position[]): Promise<void>
  /** Stops fetching from these partitions until `resume` or the next assignment; records already handed over stay handed over. */
  pause(partitions: readonly TopicPartition[]): void
  resume(partitions: readonly TopicPartition[]): void
  /** Stops fetching at once; `onRecords` is not called again. The member stays in the group so that it can still commit. */
  stopFetching(): Promise<void>
  /** Leaves the group and disconnects. */
  close(): Promise<void>
}

export type Producer = {
  /**
   * Resolves when every message is stored by all in-sync replicas (`acks=all`). Rejects with a `RetryableError` when the outcome
   * is unknown or nothing was stored: the caller may repeat the same batch, readers see duplicates, never a gap or a
   * changed order per key. Rejects with a `TerminalError` for what no repetition can send (`CHORUS_MESSAGE_TOO_LARGE`); others of the
   * batch may be stored then. One call at a time, as overlapping idempotent sends lose messages: an overlapping call is refused
   * with a `TerminalError` (`CHORUS_OVERLAPPING_SEND`).
   */
  send(messages: readonly OutgoingMessage[]): Promise<void>
  /** Waits for a running `send`, then disconnects. */
  close(): Promise<void>
}

export type PartitionLag = TopicPartition & {
  readonly committed: bigint | null
  readonly end: bigint
  /** From the committed offset, or else from the first record held, to the end. */
  readonly lag: bigint
}

export type GroupLag = {
  readonly groupId: string
  readonly members: number
  readonly partitions: readonly PartitionLag[]
}

export type Admin = {
  /** Creates what is missing; an existing topic with another number of partitions is an error that names both numbers. Returns the names created. */
  createTopics(topics: readonly TopicSpec[]): Promise<readonly string[]>
  /** Number of partitions by topic; a missing topic is absent. */
  partitions(topics: readonly string[]): Promise<ReadonlyMap<string, number>>
  /**
   * By topic, the longest time in ms that a record can be read after it was stored: what the topic's settings promise to delete, and when.
   * `Infinity` when they set no limit; a missing topic is absent.
   */
  retention(topics: readonly string[]): Promise<ReadonlyMap<string, number>>
  lag(groupId: string, topics: readonly string[]): Promise<GroupLag>
  close(): Promise<void>
}

export type Broker = {
  producer(): Promise<Producer>
  /** Resolves when the member has joined and `onAssigned` was called; no record is handed over before that. */
  consume(options: ConsumerOptions): Promise<Consumer>
  admin(): Promise<Admin>
}
